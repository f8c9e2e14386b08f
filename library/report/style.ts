/** The style sheet of the report: system fonts, tokens for light and dark, nothing loaded from anywhere. */

import { legendColours } from "./figures.ts";
import { type Markup, markup } from "./markup.ts";

/** The `<style>` element. */
export function reportStyle(): Markup {
  const light = legendColours("light"), dark = legendColours("dark");
  return markup`<style>
:root { color-scheme: light dark;
  --ground: #f9f9f8; --raised: #ffffff; --text: #1a1b1d; --second: #4b4f55; --third: #5f646b;
  --line: #dededa; --accent: #1b5cc4; --warn: #855500; --stage: #e6e6e3; --bar: #4b4f55;
  --no-cluster: ${light.noCluster}; --outside-mask: ${light.outsideMask}; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #131416; --raised: #1a1b1e; --text: #eceded; --second: #b8bcc2; --third: #999ea5;
  --line: #2c2e33; --accent: #84b4ff; --warn: #f0bd62; --stage: #0d0e0f; --bar: #b8bcc2;
  --no-cluster: ${dark.noCluster}; --outside-mask: ${dark.outsideMask}; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
.page { max-width: 1180px; margin: 0 auto; padding: 40px 32px 64px; }
h1, h2, h3, p, figure, dl, dd { margin: 0; }
h1 { font-size: 28px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 19px; font-weight: 650; margin: 56px 0 4px; padding-top: 20px; border-top: 1px solid var(--line); }
h3 { font-size: 14px; font-weight: 600; }
h3.group { margin: 28px 0 10px; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Consolas, monospace; font-size: 13px; }
.secondary, .intro, .note, .under { color: var(--second); }
.intro { margin-bottom: 20px; max-width: 75ch; }
.note, .under, .secondary { font-size: 13px; }
header .secondary { font-size: 15px; margin-top: 6px; overflow-wrap: anywhere; }
.brand { font-size: 13px; font-weight: 600; color: var(--accent); margin-bottom: 10px; }
.headline { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 24px 40px; margin: 32px 0 40px;
  padding: 24px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.headline dt { font-size: 13px; color: var(--second); }
.headline dd.figure { font-size: 28px; line-height: 1.25; font-weight: 600; letter-spacing: -0.015em; white-space: nowrap; }
.headline dd.detail { font-size: 13px; color: var(--third); }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 36px 32px; align-items: start; }
.maps .wide { grid-column: 1 / -1; }
.map > img { max-width: 100%; height: auto; }
.map figcaption { margin-bottom: 8px; }
.frame { width: min(100%, calc(460px * var(--aspect))); min-width: 32px; }
.wide .frame { width: min(100%, calc(min(820px, 84vh) * var(--aspect))); }
.stage { position: relative; background: var(--stage); line-height: 0; aspect-ratio: var(--aspect); }
.stage img { display: block; width: 100%; height: 100%; image-rendering: pixelated; }
.number { position: absolute; transform: translate(-50%, -50%); font-size: 13px; line-height: 1; font-weight: 700; color: #fff;
  text-shadow: 0 0 2px #000, 0 0 2px #000, 0 0 3px #000, 0 0 4px #000; pointer-events: none; }
.scale { display: flex; align-items: center; gap: 8px; margin-top: 8px; font-size: 13px; white-space: nowrap; }
.scale .bar { flex: none; height: 4px; background: var(--text); }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; margin-top: 8px; font-size: 13px; color: var(--second); }
.key { display: inline-flex; align-items: center; gap: 6px; margin-right: 8px; }
.swatch, .chip { display: inline-block; width: 12px; height: 12px; border-radius: 3px; flex: none; box-shadow: inset 0 0 0 1px rgb(128 128 128 / 0.35); }
.no-cluster { background: var(--no-cluster); } .outside-mask { background: var(--outside-mask); }
.colour-bar { width: 120px; height: 8px; border-radius: 2px; }
.note { margin-top: 6px; max-width: 60ch; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(330px, 100%), 1fr)); gap: 32px 28px; }
.pair figcaption { display: flex; align-items: center; gap: 7px; font-size: 14px; margin-bottom: 8px; flex-wrap: wrap; }
.pair figcaption .secondary { margin-left: auto; }
.images { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; }
.pattern { position: relative; background: #000; line-height: 0; }
.pattern img { width: 100%; height: auto; image-rendering: pixelated; }
.pattern .spots { position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; fill: none; stroke-width: 1.5; }
.spots * { vector-effect: non-scaling-stroke; } .spots circle { stroke: #6ee7ff; } .spots path { stroke: #b6ff6e; }
.spots text { fill: #fff; stroke: #000; stroke-width: 3; paint-order: stroke; font-weight: 600; }
.overlay-bar { position: absolute; left: 5%; bottom: 5%; height: 3px; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / 0.7); }
.overlay-label { position: absolute; left: 5%; bottom: calc(5% + 7px); color: #fff; font-size: 12px; line-height: 1; font-weight: 600; text-shadow: 0 0 2px #000, 0 0 3px #000; }
.under { margin-top: 4px; }
.film { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(180px, 100%), 1fr)); gap: 20px 16px; }
.film figure { margin: 0; } .film img { width: 100%; height: auto; image-rendering: pixelated; } .film figcaption { font-size: 13px; color: var(--second); }
.histogram { display: block; width: 100%; height: auto; }
.histogram .bar { fill: var(--bar); } .histogram .axis { stroke: var(--line); }
.histogram text { text-anchor: middle; font-size: 11.5px; fill: var(--second); } .histogram .value { fill: var(--text); font-weight: 600; }
.maps.spaced, .columns.spaced { margin-top: 24px; }
.pole-figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr)); gap: 24px; }
.pole-figure { display: block; width: 100%; height: auto; }
.evidence { display: block; width: 100%; height: auto; } .evidence .axis { stroke: var(--line); }
.evidence text { font-size: 11.5px; fill: var(--second); } .evidence .tick, .evidence .axis-title { text-anchor: middle; }
.evidence .name { font-size: 13px; fill: var(--text); } .evidence .limit { text-anchor: end; }
.evidence .curve { fill: none; stroke: var(--bar); stroke-width: 1.8; stroke-linejoin: round; }
.evidence .dashed { stroke-dasharray: 7 3; } .evidence .dotted { stroke-dasharray: 2 2.5; }
.evidence .applied { stroke: var(--accent); stroke-width: 1.6; } .evidence .best { stroke: var(--third); stroke-dasharray: 3 4; }
.evidence .applied-label { fill: var(--accent); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--second); padding-bottom: 12px; }
th { font-weight: 600; font-size: 13px; color: var(--second); text-align: right; padding: 6px 12px; border-bottom: 1px solid var(--line); vertical-align: bottom; }
td, tbody th { padding: 5px 12px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { color: var(--text); font-size: 14px; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tbody th .chip { margin-right: 8px; vertical-align: -1px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0 56px; }
.facts { display: grid; grid-template-columns: minmax(130px, auto) 1fr; gap: 7px 20px; font-size: 14px; }
.facts dt { color: var(--second); } .facts dd { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 14px 16px; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.warnings { margin: 0; padding-left: 20px; } .warnings li { margin: 4px 0; } .warnings li::marker { color: var(--warn); }
footer { margin-top: 56px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 13px; color: var(--third); }
@media (max-width: 640px) { .page { padding: 24px 16px 40px; } h1 { font-size: 23px; } }
@media print { :root { color-scheme: light; } .page { max-width: none; padding: 0; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
</style>`;
}
