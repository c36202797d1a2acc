/** A file that wrangler puts into the bundle as bytes (rule "Data" in wrangler.toml). */
declare module '*.bin' {
  const bytes: ArrayBuffer;
  export default bytes;
}
