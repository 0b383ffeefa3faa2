import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { read, root } from "./files.ts";

const out = (name: string) => readFileSync(join(root, "build/out", name));

const HOST_CALLS = [
  "environ_get",
  "environ_sizes_get",
  "proxy_close_stream",
  "proxy_define_metric",
  "proxy_get_buffer_bytes",
  "proxy_get_current_time_nanoseconds",
  "proxy_get_header_map_pairs",
  "proxy_get_property",
  "proxy_increment_metric",
  "proxy_log",
  "proxy_record_metric",
  "proxy_remove_header_map_value",
  "proxy_replace_header_map_value",
  "proxy_send_local_response",
  "proxy_set_property",
  "random_get",
];

const EXPORTS = [
  "_initialize",
  "malloc",
  "memory",
  "proxy_abi_version_0_2_1",
  "proxy_on_configure",
  "proxy_on_context_create",
  "proxy_on_delete",
  "proxy_on_request_headers",
];

test.each(["lictor.wasm", "lictor.portable.wasm"])(
  "%s asks the proxy for these calls and offers these callbacks",
  (name) => {
    const module = new WebAssembly.Module(out(name));
    const imports = WebAssembly.Module.imports(module);
    expect(imports.map((entry) => entry.name).sort()).toEqual(HOST_CALLS);
    expect(
      WebAssembly.Module.exports(module)
        .map((entry) => entry.name)
        .sort(),
    ).toEqual(EXPORTS);
  },
);

test("the release is at most 120 KB", () => {
  expect(out("lictor.wasm").length).toBeLessThanOrEqual(120 * 1024);
});

test("the filter makes no managed object: nothing of AssemblyScript's runtime is in the module", () => {
  const functions = [...read("build/out/lictor.debug.wat").matchAll(/^ \(func \$(\S+)/gm)].map(
    (match) => match[1]!,
  );
  expect(functions.length).toBeGreaterThan(100);
  expect(functions.filter((name) => /^~lib\/(rt|memory\/heap|array|map|set|arraybuffer)/.test(name))).toEqual(
    [],
  );
});

test("the portable build has no relaxed SIMD", () => {
  const source = read("asconfig.json");
  const targets = (JSON.parse(source) as { targets: { [name: string]: { enable?: string[] } } }).targets;
  expect(targets["portable"]?.enable ?? []).not.toContain("relaxed-simd");
  expect(targets["release"]?.enable).toContain("relaxed-simd");
});
