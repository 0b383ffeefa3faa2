/** Node 20 has relaxed SIMD behind a flag that later versions do not know. */
import v8 from "node:v8";

if (process.version.startsWith("v20.")) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
