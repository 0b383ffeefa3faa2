import { Arena, Bytes } from "as-bytes";
export function t(): usize { const a = Arena.create(); const p = a.allocate(100); a.release(); return p; }
export function u(a: Bytes): u32 { return <u32>(a >> 32); }
