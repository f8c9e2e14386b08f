import assert from "node:assert/strict";
import {
  type ClusterNote,
  fitsSearch,
  isNoteText,
  notesByCluster,
  putNote,
  tagsOf,
} from "../../../library/cluster/notes.ts";

Deno.test("a probe has one note, which goes without its text; notes are in the order of their probes", () => {
  let notes: ClusterNote[] = [];
  for (
    const [row, column, text] of [[3, 1, " twin #Σ3 "], [0, 5, "first"], [3, 0, "left"], [0, 5, "second"], [
      3,
      0,
      " ",
    ]] as const
  ) {
    notes = putNote(notes, { probe: [row, column], text });
  }
  assert.deepEqual(notes, [{ probe: [0, 5], text: "second" }, { probe: [3, 1], text: "twin #Σ3" }]);
});

Deno.test("notes stay with the cluster that their probe is in, whatever its number", () => {
  const notes: ClusterNote[] = [{ probe: [0, 0], text: "a" }, { probe: [0, 1], text: "b" }, {
    probe: [1, 1],
    text: "c",
  }];
  assert.deepEqual([...notesByCluster(notes, Int32Array.of(2, 2, -1, 0), 2)], [[2, notes.slice(0, 2)], [0, [
    notes[2],
  ]]]);
  assert.deepEqual([...notesByCluster(notes, Int32Array.of(0, 1, -1, -1), 2)], [[0, [notes[0]]], [1, [
    notes[1],
  ]]]);
});

Deno.test("searches find words in any case, and tags as a whole", () => {
  const text = "Grown on the edge #Twin #Σ3, again";
  assert.deepEqual(tagsOf(text), ["twin", "σ3"]);
  assert.deepEqual(tagsOf("no#tag # none"), []);
  for (const search of ["", "EDGE", "#twin", "edge #σ3", "twin"]) assert.ok(fitsSearch(text, search), search);
  for (const search of ["#twi", "centre", "edge #other"]) assert.ok(!fitsSearch(text, search), search);
});

Deno.test("a note is one line of bounded length", () => {
  assert.ok(isNoteText("ä €#x") && isNoteText("x".repeat(2000)));
  for (const text of ["x".repeat(2001), "two\nlines", "\u0000", "a\u2028b"]) assert.ok(!isNoteText(text));
});
