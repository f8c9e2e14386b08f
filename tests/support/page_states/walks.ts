/** All walks: together they enter every state of the page. */

import { crystalWalk } from "./crystal_walk.ts";
import { filmWalk } from "./film_walk.ts";
import type { Walk } from "./page_state.ts";
import { seriesWalk } from "./series_walk.ts";

export const walks: readonly Walk[] = [filmWalk, crystalWalk, seriesWalk];
