/** The Zarr library, which most commands and threads do without: import this file dynamically. */

export { Array as ZarritaArray, registry } from "zarrita";
