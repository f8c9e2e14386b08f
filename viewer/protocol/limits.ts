/** Numbers and names that server and page both keep to. */

/** Bytes of one piece of a stream. */
export const messageLimit = 64 * 2 ** 20;

/** Clusters whose averages one request may ask for. */
export const mostAverages = 64;

/** Bytes of a file that may be copied into a served folder, and of one piece of it. */
export const mostUploaded = 8 * 2 ** 30;
export const uploadPiece = 8 * 2 ** 20;

/** Clusters that one request may compare with each other. */
export const mostLikened = 65536;

/** Header of answers about an item: the number of its last run. */
export const newestRevisionHeader = "crystallite-newest-run";
