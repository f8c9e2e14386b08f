/** What the server does for each endpoint; viewer/protocol/endpoints.ts says what it is asked and answers. */

import { probeCount } from "../../library/scan/shape.ts";
import type {
  AnswerKind,
  AnswerValue,
  CheckedBody,
  CheckedParameters,
  EndpointName,
} from "../protocol/endpoints.ts";
import { uploadPiece } from "../protocol/limits.ts";
import type { Parts } from "../protocol/parts.ts";
import type { DownloadedFile } from "./answers.ts";
import { crystalChoice } from "./crystals/crystal_choice.ts";
import { clusterSpots } from "./crystals/cluster_spots.ts";
import { keyParts, orientationParts, strainParts } from "./crystals/crystal_parts.ts";
import { patternParts } from "./patterns/pattern_parts.ts";
import { forestParts, labelParts, mapParts, similarityParts } from "./views/map_parts.ts";
import { averageParts, editedParts, frameParts, kymographParts, tableParts } from "./series/series_parts.ts";
import { keepEdits, saveTracks } from "./series/series_saving.ts";
import { prepareNext } from "./prepare_first.ts";
import { malformed } from "./requests.ts";
import type { Workspace } from "./workspace.ts";

/** What a handler gives to be answered with. */
interface Material<Value> {
  json: Value;
  parts: Parts<Value>;
  late: Parts<Value>;
  messages: AsyncGenerator<Parts<Value>>;
  file: DownloadedFile;
}

/** Kinds of answers whose work goes on after the first byte was sent; only these hear that nobody waits any more. */
type Lasting = "late" | "messages";

/** Does what an endpoint is for; the request was checked. */
export type Handler<Name extends EndpointName> = (
  workspace: Workspace,
  parameters: CheckedParameters<Name>,
  body: CheckedBody<Name>,
  signal: AnswerKind<Name> extends Lasting ? AbortSignal : undefined,
) => Material<AnswerValue<Name>>[AnswerKind<Name>] | Promise<Material<AnswerValue<Name>>[AnswerKind<Name>]>;

/** Room for the header of a request beside its probes. */
const headerBytes = 65536;

/** The handler of every endpoint. */
export const handlers: { readonly [Name in EndpointName]: Handler<Name> } = {
  "GET /api/files": (workspace, { path }) => workspace.list(path ?? null),
  "POST /api/open": async (workspace, _, wanted) => {
    const opened = await workspace.open(wanted);
    workspace.afterwards(prepareNext(workspace, opened));
    return opened;
  },
  "GET /api/items/:id": (workspace, { id }) => workspace.item(id).describe(),
  "GET /api/items/:id/map": (workspace, { id, revision }) => mapParts(workspace.item(id, revision)),
  "GET /api/items/:id/forest": (workspace, { id, revision }) => forestParts(workspace.item(id, revision)),
  "GET /api/items/:id/similarity": (workspace, { id, revision }) =>
    similarityParts(workspace.item(id, revision)),
  "GET /api/items/:id/pattern": (workspace, { id, row, column }) =>
    patternParts(workspace.item(id), row, column),
  "GET /api/items/:id/whole": (workspace, { recorded = 0, ...named }, _, signal) =>
    workspace.patterns.whole(named, recorded > 0, signal),
  "GET /api/items/:id/bad-pixels": (workspace, named, _, signal) =>
    workspace.patterns.badPixels(named, signal),
  "POST /api/items/:id/averages": async (workspace, named, read, signal) => {
    const mostBytes = 4 * probeCount(workspace.item(named.id).shape) + headerBytes;
    return workspace.patterns.averages(named, await read(mostBytes), signal);
  },
  "POST /api/items/:id/likeness": async (workspace, named, read, signal) => {
    const { shape } = workspace.item(named.id);
    return await workspace.patterns.likeness(named, await read(12 * probeCount(shape) + headerBytes), signal);
  },
  "GET /api/items/:id/orientations": (workspace, { id, revision }) =>
    orientationParts(workspace.roots, workspace.item(id, revision)),
  "GET /api/items/:id/strain": (workspace, { id, revision }) =>
    strainParts(workspace.roots, workspace.item(id, revision)),
  "GET /api/items/:id/key": (workspace, { id, revision, phase, theme }) =>
    keyParts(workspace.roots, workspace.item(id, revision), phase, theme),
  "GET /api/items/:id/spots": (workspace, { id, revision, row, column }) =>
    clusterSpots(workspace.roots, workspace.item(id, revision), row, column),
  "POST /api/items/:id/virtual": (workspace, named, wanted, signal) =>
    workspace.patterns.virtual(named, wanted, signal),
  "POST /api/items/:id/deflection": (workspace, named, wanted, signal) =>
    workspace.patterns.deflection(named, wanted, signal),
  "POST /api/items/:id/labels": (workspace, { id, revision }, view) =>
    labelParts(workspace.item(id, revision), view),
  "POST /api/items/:id/command": (workspace, named, view) => workspace.command(named, view),
  "POST /api/items/:id/save": (workspace, named, wanted) => workspace.save(named, wanted),
  "POST /api/items/:id/download": (workspace, named, wanted) => workspace.download(named, wanted),
  "POST /api/items/:id/corrections": (workspace, { id, revision }, { text }) => {
    const item = workspace.item(id, revision);
    item.file.keepCorrections(item, text);
    return {};
  },
  "POST /api/items/:id/notes": (workspace, named, note) => workspace.note(named, note),
  "POST /api/items/:id/estimate": (workspace, { id }, wanted) => workspace.estimate(id, wanted),
  "POST /api/items/:id/runs": (workspace, { id }, wanted) => workspace.start(id, wanted),
  "GET /api/items/:id/crystals": (workspace, { id }) => crystalChoice(workspace.roots, workspace.item(id)),
  "POST /api/items/:id/analyses": (workspace, { id }, wanted) => workspace.analyse(id, wanted),
  "POST /api/runs/:id/cancel": (workspace, { id }) => {
    workspace.cancel(id);
    return {};
  },
  "GET /api/runs/:id/stream": (workspace, { id, row }, _, signal) => workspace.watch(id, row, signal),
  "POST /api/uploads": async ({ uploads }, _, wanted) => ({ upload: await uploads.begin(wanted) }),
  "POST /api/uploads/:id/pieces": async ({ uploads }, { id }, read) => {
    const { header, arrays: { bytes } } = await read(uploadPiece + headerBytes);
    if (!(bytes instanceof Uint8Array)) throw malformed("bytes as u8", typeof bytes);
    return await uploads.add(id, header.offset, bytes);
  },
  "POST /api/uploads/:id/cancel": ({ uploads }, { id }) => {
    uploads.cancel(id);
    return {};
  },
  "GET /api/series/:id": ({ series }, { id }) => series.get(id).describe(),
  "GET /api/series/:id/table": ({ series }, { id }) => tableParts(series.get(id)),
  "POST /api/series/:id/tracks": ({ series }, { id }, { edits, add }) =>
    editedParts(series.get(id), edits, add),
  "GET /api/series/:id/frame": ({ series }, { id, frame }) => frameParts(series.get(id), frame),
  "GET /api/series/:id/average": ({ series, roots }, { id, frame, cluster }) =>
    averageParts(roots, series.get(id), frame, cluster),
  "POST /api/series/:id/kymograph": ({ series }, { id }, line) => kymographParts(series.get(id), line),
  "POST /api/series/:id/edits": ({ series }, { id }, { edits }) => keepEdits(series.get(id), edits),
  "POST /api/series/:id/save": ({ series, roots }, { id }, { edits, folder, replace }) =>
    saveTracks(roots, series.get(id), edits, folder, replace),
  "POST /api/series/:id/runs": async (workspace, { id }, { item, words, folder }) => {
    const { series, seriesRuns } = workspace;
    return { run: (await seriesRuns.start(series.get(id), workspace.item(item), words, folder)).id };
  },
  "POST /api/series-runs/:id/cancel": ({ seriesRuns }, { id }) => {
    seriesRuns.get(id).stop.abort();
    return {};
  },
  "GET /api/series-runs/:id/stream": ({ seriesRuns }, { id }, _, signal) => seriesRuns.get(id).watch(signal),
};
