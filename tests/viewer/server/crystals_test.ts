/** Orientations and strain as the page gets them: the numbers of the files, and plain words where there are none. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { DirectionColours } from "../../../library/mapping/orientation_colours.ts";
import { readResult } from "../../../library/results/read.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import type {
  KeyHeader,
  OrientationsHeader,
  SpotsAnswer,
  StrainHeader,
} from "../../../viewer/protocol/crystals.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { encodeParts } from "../../../viewer/protocol/parts.ts";
import type { AverageHeader } from "../../../viewer/protocol/patterns.ts";
import { withFolder } from "../../support/folders.ts";
import { failureOf, partsOf, piecesOf, succeed, type TestServer, withServer } from "../../support/serving.ts";
import { goldColumns, goldRows, growthWords, writeOriented } from "../../support/viewer_scans.ts";

/** The average of a cluster as the page gets it. */
async function averageOf(server: TestServer, id: string, labels: Int32Array, cluster: number) {
  const probes = Uint32Array.from(labels.keys().filter((probe) => labels[probe] === cluster));
  const body = encodeParts({ header: { sizes: [probes.length] }, arrays: { probes } });
  const [{ arrays }] = await piecesOf<AverageHeader>(server.post(`/api/items/${id}/averages`, body));
  return { pattern: arrays.pattern as Float32Array };
}

Deno.test("what the page gets of orientations and strain is what the files of the result hold", (context) =>
  withFolder(async (whole) => {
    const folder = join(whole, "served"), outside = join(whole, "outside");
    for (const made of [folder, outside]) Deno.mkdirSync(made);
    const result = await writeOriented(folder), stored = await readResult(result);
    const count = stored.clusters.length, shape = [goldRows, goldColumns];
    const lines = Deno.readTextFileSync(join(result, "orientations.csv")).trim().split("\n")
      .map((line) => line.split(","));
    const field = (cluster: number, name: string) => lines[cluster + 1][lines[0].indexOf(name)];
    const array = (name: string, type: "f32" | "f64" | "u32", ...sizes: number[]) =>
      readStoredArray(join(result, name), type, sizes);

    await withServer({ roots: [folder] }, async (server) => {
      const { id, clustering } = await server.open(result);
      const at = (path: string) => `/api/items/${id}/${path}`;
      assert.deepEqual(clustering?.crystals, { strain: true });

      await context.step("clusters have the phases, angles and zone axes of the table", async () => {
        const { header, arrays } = await partsOf<OrientationsHeader>(server.get(at("orientations")));
        assert.deepEqual(header.phases, ["gold", "silicon"]);
        assert.deepEqual(arrays.labels, stored.labels);
        assert.equal(header.clusters.length, count);
        const colours = new DirectionColours(laueGroup(await builtInCrystal("Au")));
        const matrices = array("orientation_matrices.npy", "f64", count, 3, 3);
        header.clusters.forEach((crystal, cluster) => {
          assert.ok(crystal, "all were found");
          assert.equal(header.phases[crystal.phase], field(cluster, "phase"));
          assert.equal(crystal.zoneAxis, field(cluster, "zone_axis"));
          const names = {
            phi1: "phi1",
            capitalPhi: "Phi",
            phi2: "phi2",
            reliability: "reliability",
          } as const;
          for (const [own, name] of Object.entries(names)) {
            assert.equal(crystal[own as keyof typeof names], Number(field(cluster, name)), name);
          }
          const column = (axis: number) => [0, 3, 6].map((row) => matrices[9 * cluster + row + axis]);
          const colour = (axis: number) =>
            colours.of(column(axis) as [number, number, number]).map((value) => Math.round(255 * value));
          const found = (name: string) => Array.from(arrays[name].subarray(3 * cluster, 3 * cluster + 3));
          assert.deepEqual([found("inPlane"), found("outOfPlane")], [colour(0), colour(2)]);
        });
      });

      await context.step("strain is the arrays themselves", async () => {
        const { header, arrays } = await partsOf<StrainHeader>(server.get(at("strain")));
        assert.deepEqual(header, { reference: "the median of all probes", axes: "" });
        assert.deepEqual(arrays.strain, array("strain.npy", "f32", ...shape, 4));
        assert.deepEqual(arrays.error, array("strain_error.npy", "f32", ...shape, 4));
        assert.deepEqual(arrays.dilation, array("dilation.npy", "f32", ...shape));
      });

      await context.step("peaks are those that were matched, spots lie on them", async () => {
        const { seed } = stored.clusters[1];
        const answer = await succeed(server.get(at(`spots?row=${seed.row}&column=${seed.column}`)));
        const spots: SpotsAnswer = await answer.json();
        const [offset, end] = array("average_peak_offsets.npy", "u32", count + 1).slice(1, 3);
        const peaks = array(
          "average_peaks.npy",
          "f32",
          array("average_peak_offsets.npy", "u32", count + 1)[count],
          3,
        );
        assert.equal(spots.cluster, 1);
        assert.deepEqual(
          spots.measured,
          Array.from({ length: end - offset }, (_, peak) => {
            return { row: peaks[3 * (offset + peak)], column: peaks[3 * (offset + peak) + 1] };
          }),
        );
        assert.equal(spots.crystal?.name, field(1, "phase"));
        assert.equal(spots.crystal.zoneAxis, field(1, "zone_axis"));
        assert.ok(spots.spots.some(({ indices }) => indices.some((index) => index !== 0)));
        // Most disks above a hundredth of the brightest have their spot within a pixel and a half.
        const height = (peak: number) => Number(peaks[3 * (offset + peak) + 2]);
        const brightest = Math.max(...spots.measured.map((_, peak) => height(peak)));
        const bright = spots.measured.filter((_, peak) => height(peak) > 0.01 * brightest);
        const near = bright.filter((peak) =>
          spots.spots.some(({ row, column }) => Math.hypot(row - peak.row, column - peak.column) < 1.5)
        );
        assert.ok(near.length >= 0.6 * bright.length, `${near.length} of ${bright.length}`);
      });

      await context.step(
        "averages about a common origin are shown where orientations were found from them",
        async () => {
          const name = join(result, "run.json"), record = Deno.readTextFileSync(name);
          const { pattern } = await averageOf(server, id, stored.labels, 1);
          const aligned = new Float32Array(count * pattern.length).map((_, place) => place);
          const file = encodeNpy("f32", [count, 64, 64], aligned);
          Deno.writeFileSync(join(result, "aligned_averages.npy"), file);
          const { files, ...rest } = JSON.parse(record);
          const more = [...files, { name: "aligned_averages.npy", bytes: file.length }];
          Deno.writeTextFileSync(name, JSON.stringify({ ...rest, files: more }));
          await withServer({ roots: [folder] }, async (other) => {
            const { id } = await other.open(result), shown = await averageOf(other, id, stored.labels, 1);
            assert.deepEqual(shown.pattern, aligned.slice(pattern.length, 2 * pattern.length));
            // Other programs get the same.
            const view = { source: "method" }, saved = { view, kinds: ["averages"], folder, name: "shown" };
            await succeed(other.post(`/api/items/${id}/save`, saved));
            assert.deepEqual(Deno.readFileSync(join(folder, "shown_averages.npy")), new Uint8Array(file));
          });
          Deno.removeSync(join(result, "aligned_averages.npy"));
          Deno.writeTextFileSync(name, record);
        },
      );

      await context.step("a key is drawn on the background of the theme", async () => {
        for (const [theme, paper] of [["dark", [0x25, 0x27, 0x2b]], ["light", [255, 255, 255]]] as const) {
          const { header, arrays } = await partsOf<KeyHeader>(server.get(at(`key?phase=1&theme=${theme}`)));
          assert.equal(arrays.pixels.length, 3 * header.width * header.height);
          assert.deepEqual(Array.from(arrays.pixels.subarray(0, 3)), paper);
          assert.deepEqual([header.laueClass, ...header.corners], ["m-3m", "[0 0 1]", "[0 1 1]", "[1 1 1]"]);
        }
      });

      await context.step("malformed requests are refused", async () => {
        for (
          const path of [
            "key?phase=2&theme=dark",
            "key?phase=0&theme=blue",
            "key?theme=dark",
            "spots?row=1",
            "spots?row=999&column=0",
            `spots?row=0&column=${goldColumns}`,
            "spots?row=-1&column=0",
          ]
        ) {
          const { status, kind } = await failureOf(server.get(at(path)));
          assert.deepEqual([status, kind], [400, "BadParameter"], path);
        }
      });

      await context.step("clusters of another run have no orientations", async () => {
        await server.run(id, growthWords);
        const described = await (await succeed(server.get(at("").slice(0, -1)))).json();
        assert.equal(described.clustering.crystals, undefined);
        for (const path of ["orientations", "strain", "key?phase=0&theme=dark", "spots?row=0&column=0"]) {
          const { kind, message } = await failureOf(server.get(at(path)));
          assert.equal(kind, "FileUnavailable", path);
          assert.match(message, /belong to a result/);
        }
      });
    });

    await context.step(
      "files that are gone or of another result are named, and the map is shown all the same",
      async () => {
        const wrong: readonly (readonly [file: string, path: string, bytes: Uint8Array | null])[] = [
          ["orientations.csv", "orientations", new TextEncoder().encode("cluster\n")],
          ["orientation_matrices.npy", "orientations", null],
          ["strain.npy", "strain", Deno.readFileSync(join(result, "dilation.npy"))],
          [
            "average_peaks.npy",
            "spots?row=0&column=0",
            Deno.readFileSync(join(result, "average_origin.npy")),
          ],
          ["average_peak_offsets.npy", "spots?row=0&column=0", null],
        ];
        for (const [file, path, bytes] of wrong) {
          const name = join(result, file), before = Deno.readFileSync(name);
          // A file elsewhere, which nobody serves.
          await withServer({ roots: [folder] }, async (server) => {
            const { id } = await server.open(result), secret = join(outside, "secret.txt");
            Deno.writeTextFileSync(secret, "swordfish,score");
            Deno.removeSync(name);
            Deno.symlinkSync(secret, name);
            const failure = await failureOf(server.get(`/api/items/${id}/${path}`));
            Deno.removeSync(name);
            Deno.writeFileSync(name, before);
            assert.equal(failure.kind, "Refused", file);
            assert.doesNotMatch(JSON.stringify(failure), /swordfish|secret/);
          });
          if (bytes) Deno.writeFileSync(name, bytes);
          else Deno.removeSync(name);
          await withServer({ roots: [folder] }, async (server) => {
            const { id } = await server.open(result);
            const { message, details } = await failureOf(server.get(`/api/items/${id}/${path}`));
            assert.ok(message.includes(file) && details.remedy, `${file}: ${message}`);
            await succeed(server.get(`/api/items/${id}/map`));
            // Once it is back, it is read.
            Deno.writeFileSync(name, before);
            await succeed(server.get(`/api/items/${id}/${path}`));
          });
        }
      },
    );
  }));
