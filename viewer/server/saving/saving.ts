/** Saving what a view shows: files into a served folder, or one file for a download. */

import { join } from "node:path";
import type { CommandAnswer, ExportKind, SavedFiles, SaveRequest } from "../../protocol/exports.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { BadParameter, OutOfResources } from "../../../library/scan/errors.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { writeResult } from "../../../library/results/write.ts";
import { chooseParameters, presetOf } from "../../../library/cluster/presets.ts";
import { openOptions } from "../../../library/parameters/reading.ts";
import { checkResultDirectory } from "../../../library/results/pending_result.ts";
import { formatEditLog } from "../../../library/results/edits_file.ts";
import {
  averagesFor,
  type AverageSink,
  fillSinks,
  npyBytes,
  npySink,
  ReportSink,
  storedAverages,
  tiffBytes,
  tiffSink,
} from "./averages_files.ts";
import { averagesToHave } from "./averages_to_have.ts";
import { type ByteTarget, FileTarget, MemoryTarget } from "./byte_target.ts";
import { libraryCode } from "../views/command_code.ts";
import { type CommandFiles, commandWords, shellCommand } from "../views/command_text.ts";
import type { DownloadedFile } from "../answers.ts";
import type { Engines } from "../runs/engines.ts";
import { averaging, endings, plainFile, reportPage, type SaveContext, typeOf } from "./file_contents.ts";
import { checkName, defaultName } from "./file_names.ts";
import type { Item } from "../items/item.ts";
import { alignedFile, runFile } from "../patterns/stored_averages.ts";
import { PendingFiles } from "./pending_files.ts";
import type { Roots } from "../files/roots.ts";
import { checkColours, commandClustering, viewedClustering } from "../views/viewed_clustering.ts";
import { neededNames, planView, type ViewPlan } from "../views/view_plan.ts";
import { parseCommand } from "../items/words.ts";

/** Larger files are for saving. */
const mostDownload = 128 * 2 ** 20;

/** Saves for one server. */
export class Saving {
  constructor(readonly roots: Roots, readonly engines: Engines) {}

  /** What reproduces a view. */
  command(item: Item, view: LabelView): CommandAnswer {
    const plan = planView(item, view), name = defaultName(item);
    const files: CommandFiles = { ...neededNames(plan, name), out: name };
    const missing = this.#missingScan(item), averages = averagesToHave(item, view, plan);
    if (missing !== undefined) return { shell: "", code: "", needs: [], missing, averages };
    return {
      averages,
      shell: shellCommand(plan, files),
      code: this.#code(item, plan, files),
      needs: [files.mask, files.edits].filter((file) => file !== undefined),
    };
  }

  /** Why no command can name the scan. */
  #missingScan({ readableScan, found }: Item): string | undefined {
    const input = found?.origin.stored?.run.input;
    if (readableScan || !input || input.checksum !== null) return undefined;
    return "this result was made from a scan that lies in no file";
  }

  #code(item: Item, plan: ViewPlan, files: CommandFiles): string {
    const flags = parseCommand([...plan.input, ...plan.method]);
    const { filled, masked } = item.demandFound().clustering.badPixels;
    return libraryCode({
      scan: plan.scan,
      open: openOptions(flags),
      preset: presetOf(flags),
      parameters: chooseParameters(flags),
      badPixels: [...filled, ...masked],
      files,
    });
  }

  /**
   * Saves files: all of them or none.
   *
   * @throws {ServingError} when the folder is not served
   * @throws {FileUnavailable} when a file is there already
   */
  async save(item: Item, request: SaveRequest, signal: AbortSignal): Promise<SavedFiles> {
    const { kinds, folder, replace = false } = request;
    if (folder === undefined) {
      throw new BadParameter("a folder is needed to save into", { remedy: "choose one" });
    }
    const target = await this.roots.folder(folder), name = checkName(request.name ?? defaultName(item));
    const plan = planView(item, request.view), clustering = viewedClustering(item, request.view, plan);
    checkColours(request.colours, clustering.clusters.length);
    const needed = neededNames(plan, name), out = join(target, name);
    if (kinds.includes("result")) await checkResultDirectory(out, { force: replace });
    const pending = await PendingFiles.create(target, replace);
    try {
      const paths = new Map<ExportKind, string>();
      for (const kind of kinds) {
        if (kind !== "result") paths.set(kind, await pending.add(name + endings[kind]));
      }
      if (kinds.includes("session") || kinds.includes("result")) {
        if (needed.mask) {
          const { rows, columns } = item.shape;
          await Deno.writeFile(await pending.add(needed.mask), encodeNpy("u8", [rows, columns], plan.mask!));
        }
        if (needed.edits) {
          await Deno.writeTextFile(await pending.add(needed.edits), formatEditLog(plan.edits!));
        }
      }
      const context = { item, request, plan, clustering, signal, out };
      await this.#writeFiles(paths, context);
      const files = await pending.commit(async () => {
        if (kinds.includes("result")) await this.#writeResult(context, needed);
      });
      if (kinds.includes("result")) files.push({ path: out, bytes: await folderBytes(out) });
      return { files };
    } finally {
      await pending.discard();
    }
  }

  async #writeFiles(paths: ReadonlyMap<ExportKind, string>, context: SaveContext): Promise<void> {
    const targets = new Map<ExportKind, ByteTarget>();
    try {
      for (const [kind, path] of paths) {
        if (averaging.includes(kind)) targets.set(kind, new FileTarget(path));
        else await Deno.writeFile(path, plainFile(kind, context));
      }
      await this.#writeAveraged(targets, context);
    } finally {
      for (const target of targets.values()) target.close();
    }
  }

  /** Files that show averages, from one reading of the patterns. */
  async #writeAveraged(targets: ReadonlyMap<ExportKind, ByteTarget>, context: SaveContext): Promise<void> {
    const npy = targets.get("averages"), tiff = targets.get("tiff"), report = targets.get("report");
    if (!npy && !tiff && !report) return;
    const { item, clustering, signal } = context, { shape, clusters } = clustering;
    const kept = new ReportSink(clustering), files: AverageSink[] = [];
    if (npy) files.push(npySink(npy, shape, clusters.length));
    if (tiff) files.push(tiffSink(tiff, shape, clusters.length));
    // Other programs want the averages without descan; the report is that of the result.
    const aligned = files.length > 0 ? storedAverages(item, clustering, [alignedFile]) : null;
    if (aligned) await fillSinks(aligned, clustering, files, signal);
    if (aligned && !report) return;
    const sinks = aligned ? [kept] : [kept, ...files];
    const scan = item.readableScan,
      stored = scan ? null : storedAverages(item, clustering, [runFile, alignedFile]);
    if (scan) {
      await this.engines.answer(
        (engine) => fillSinks(averagesFor(engine, scan, clustering, signal), clustering, sinks, signal),
        signal,
      );
    } else if (stored) await fillSinks(stored, clustering, sinks, signal);
    // A report can do without, the others are nothing else.
    else if (sinks.length > 1) item.demandScan();
    report?.put(
      0,
      new TextEncoder().encode(reportPage(context, scan || stored ? await kept.pairs(scan) : null)),
    );
  }

  /** The whole result; see `commandClustering` for what is computed again. */
  async #writeResult(
    { item, request, plan, signal, out }: SaveContext,
    needed: { readonly mask?: string },
  ): Promise<void> {
    const { origin } = item.demandFound(), folder = join(out, "..");
    const maskFile = needed.mask && join(folder, needed.mask);
    const command = commandWords(plan, {
      mask: maskFile,
      edits: plan.edits && join(out, "edits.json"),
      out,
    });
    const scan = item.demandScan();
    const { roots, engines } = this;
    const found = await commandClustering(roots, item, request.view, plan, engines, maskFile, signal);
    const clustering = nameMask(found, maskFile);
    await engines.answer((engine) =>
      writeResult(out, {
        clustering,
        scan,
        averages: clustering.parameters.average === "none"
          ? null
          : averagesFor(engine, scan, clustering, signal),
        run: {
          ...{ command, started: origin.started ?? new Date() },
          ...item.file.notes.length > 0 && { clusterNotes: item.file.notes },
        },
        previous: plan.asFound ? origin.stored : undefined,
      }, { force: request.replace, signal }), signal);
  }

  /** One file as it is downloaded. */
  async download(item: Item, request: SaveRequest, signal: AbortSignal): Promise<DownloadedFile> {
    const [kind, ...others] = request.kinds;
    if (others.length > 0 || kind === "result") {
      throw new BadParameter("one file can be downloaded at a time, and no whole result", {
        expected: "one kind other than result",
        found: request.kinds.join(", "),
        remedy: "save them into a folder",
      });
    }
    const name = checkName(request.name ?? defaultName(item));
    const plan = planView(item, request.view), clustering = viewedClustering(item, request.view, plan);
    checkColours(request.colours, clustering.clusters.length);
    const context = { item, request, plan, clustering, signal, out: name };
    const bytes = averaging.includes(kind) ? await this.#averaged(kind, context) : plainFile(kind, context);
    return { name: name + endings[kind], type: typeOf(kind), bytes: new Uint8Array(bytes) };
  }

  /** A file that shows averages, made in memory. */
  async #averaged(kind: ExportKind, context: SaveContext): Promise<Uint8Array<ArrayBuffer>> {
    if (kind === "report") {
      let page = new Uint8Array(0);
      const target: ByteTarget = { put: (_, bytes) => page = new Uint8Array(bytes), close: () => {} };
      await this.#writeAveraged(new Map([[kind, target]]), context);
      return page;
    }
    const { shape, clusters } = context.clustering;
    const bytes = (kind === "tiff" ? tiffBytes : npyBytes)(shape, clusters.length);
    if (bytes > mostDownload) {
      throw new OutOfResources("the file is too large to be downloaded", {
        expected: `at most ${mostDownload} bytes`,
        found: `${bytes} bytes`,
        remedy: "save it into a folder",
      });
    }
    const memory = new MemoryTarget(bytes);
    await this.#writeAveraged(new Map([[kind, memory]]), context);
    return memory.bytes;
  }
}

/** The clustering with the file of its mask by name, where it was drawn. */
function nameMask(clustering: Clustering, maskFile: string | undefined): Clustering {
  const { parameters } = clustering;
  if (maskFile === undefined || parameters.mask.kind !== "pixels") return clustering;
  return { ...clustering, parameters: { ...parameters, mask: { ...parameters.mask, source: maskFile } } };
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(folder)) bytes += (await Deno.stat(join(folder, name))).size;
  return bytes;
}
