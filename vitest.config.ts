import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "lictor-host": fileURLToPath(new URL("./host-test/host/index.ts", import.meta.url)),
      lictor: fileURLToPath(new URL("./cli/index.ts", import.meta.url)),
    },
  },
  test: {
    include: ["host-test/tests/**/*.test.ts"],
    setupFiles: ["host-test/tests/support/seed.ts", "host-test/tests/support/relaxed-simd.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    reporters: ["default"],
  },
});
