/** A run over all frames: its progress frame by frame, and the series that it makes. */

import { computed, signal } from "@preact/signals";
import type { SeriesRunMessage } from "../../protocol/series.ts";
import { announce } from "../announce.ts";
import { call, Refusal, stream } from "../client.ts";
import { reachable, unreachable } from "../connection.ts";
import { complain, errorOf, retryAfter } from "../errors.ts";
import { runRequest } from "../running/parameters.ts";
import { item, problem } from "../state.ts";
import { itemFrame, series } from "./time.ts";

/** How far a run over frames is. */
export interface FrameRun {
  readonly id: string;
  readonly frame: number;
  readonly stage: string;
  /** Of the frame that goes on, from 0 to 1. */
  readonly part: number;
}

export const frameRun = signal<FrameRun | null>(null);
/** Path of the series that was made last from what is open. */
export const madeSeries = signal<string | null>(null);
/** Folder of the series that is made; empty for the one that is offered. */
export const seriesFolder = signal("");
/** The folder that is offered: beside the scans. */
export const offeredFolder = computed(() => {
  const path = series.value?.path ?? "";
  const [, folder = "", name = path] = /^(.*[\\/])([^\\/]*)$/.exec(path) ?? [];
  return `${folder}${name.replace(/\.[^.]+$/, "")}-series`;
});

/** Clusters all frames with the parameters of the form. */
export async function runAllFrames(): Promise<void> {
  const opened = series.peek(), shown = item.peek();
  if (!opened || !shown || frameRun.peek()) return;
  problem.value = madeSeries.value = null;
  try {
    const { words } = runRequest.peek();
    const { run } = await call("POST /api/series/:id/runs", { id: opened.series }, {
      ...{ words, item: shown.id },
      folder: seriesFolder.peek() || offeredFolder.peek(),
    });
    await joinFrameRun(run);
  } catch (cause) {
    complain(cause);
  }
}

/** Stops the run; frames that are done stay done. */
export async function cancelFrameRun(): Promise<void> {
  const run = frameRun.peek();
  if (!run) return;
  await call("POST /api/series-runs/:id/cancel", { id: run.id }).catch(complain);
}

/** Follows a run until it ends; a dropped connection is taken up again. */
export async function joinFrameRun(id: string): Promise<void> {
  frameRun.value = { id, frame: 0, stage: "Starting", part: 0 };
  while (true) {
    try {
      if (await follow(id)) return;
    } catch (cause) {
      if (cause instanceof Refusal) {
        frameRun.value = null;
        problem.value = errorOf(cause);
        return;
      }
    }
    await unreachable(retryAfter);
  }
}

/** Takes what comes; whether the run has ended. */
async function follow(id: string): Promise<boolean> {
  for await (const { header } of stream("GET /api/series-runs/:id/stream", { id })) {
    reachable();
    if (take(id, header)) return true;
  }
  return false;
}

function take(id: string, message: SeriesRunMessage): boolean {
  switch (message.kind) {
    case "progress": {
      const { frame, stage, part } = message;
      frameRun.value = { id, frame, stage, part };
      return false;
    }
    case "frame": {
      const opened = series.peek();
      if (!opened || opened.linked) return false;
      series.value = { ...opened, frames: opened.frames.with(message.frame, message.is) };
      // The result of the frame that is shown takes the place of its scan.
      if (itemFrame.peek() === message.frame && message.is.error === undefined) itemFrame.value = -1;
      return false;
    }
    case "done":
      madeSeries.value = message.path;
      announce("All frames are done.");
      break;
    case "failed":
      problem.value = message.error;
      break;
    case "cancelled":
      announce("The run was cancelled.");
  }
  frameRun.value = null;
  return true;
}
