/**
 * The HDF5 library and its plugins, four megabytes that most commands and threads do without: import this file
 * dynamically. Both are named in one file because npm packages that depend on each other must be resolved together:
 * apart, a run without a lock file looks for a second copy of the plugins that is not there.
 */

export { default as h5wasm } from "h5wasm/node";
// @ts-types="./plugins.d.ts"
export { base_url as pluginPackage } from "h5wasm-plugins";
