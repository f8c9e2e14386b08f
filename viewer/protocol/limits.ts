/** Numbers that server and page both keep to. */

/** Bytes of one piece of a stream. */
export const messageLimit = 64 * 2 ** 20;

/** Clusters whose averages one request may ask for. */
export const mostAverages = 64;
