/** Where pictures of the states of the page are kept. */

/** A folder of the documentation. */
export const pictureFolder = new URL("../../../docs/using/pictures/", import.meta.url);

/** Bytes of all of them: whoever clones the project gets them. */
export const mostPictureBytes = 1.5e6;

/** The file of a state. */
export const pictureName = (state: string) => `${state}.webp`;
