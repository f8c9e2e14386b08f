/** Types of the part of h5wasm-plugins that we use; the package brings none. */

/** Address of the package's folder; its `plugins` folder holds the plugins. */
export const base_url: string;
