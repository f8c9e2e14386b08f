/** What lies in folders of the project, as paths from the root, where tasks run. */

/** What is made, fetched, or none of the project's. */
export const foreign = new Set(["build", "node_modules", "coverage", "_fresh"]);

/** Folders in a folder, sorted; `.` is the root. */
export function foldersIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder))
    .filter(({ name, isDirectory }) => isDirectory && !name.startsWith(".") && !foreign.has(name))
    .map(({ name }) => folder === "." ? name : `${folder}/${name}`).sort();
}

/** Files of wanted names in a folder and below, folder by folder, sorted. */
export function filesBelow(folder: string, wanted: RegExp): string[] {
  const names = Array.from(Deno.readDirSync(folder)).filter(({ name, isFile }) =>
    isFile && wanted.test(name)
  );
  return [
    ...names.map(({ name }) => `${folder}/${name}`).sort(),
    ...foldersIn(folder).flatMap((inside) => filesBelow(inside, wanted)),
  ];
}
