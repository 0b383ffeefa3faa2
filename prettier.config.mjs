/** Prettier for TypeScript and Markdown, with the AssemblyScript grammar where asc compiles. */
export default {
  printWidth: 110,
  overrides: [
    {
      files: [
        "filter/assembly/**/*.ts",
        "filter/packages/**/*.ts",
        "host-test/tests/entries/**/*.ts",
        "host-test/tests/modules/**/*.ts",
        "envoy/demo/modules/**/*.ts",
        "bench/modules/**/*.ts",
      ],
      options: { plugins: ["assemblyscript-prettier"] },
    },
    { files: "*.md", options: { proseWrap: "preserve" } },
  ],
};
