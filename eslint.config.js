import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Where asc compiles: AssemblyScript, which types and lint rules of TypeScript do not fit. */
const assemblyScript = [
  "filter/assembly/**/*.ts",
  "filter/packages/**/*.ts",
  "filter/tools/**/*.ts",
  "host-test/tests/entries/**/*.ts",
  "host-test/tests/modules/**/*.ts",
  "envoy/demo/modules/**/*.ts",
  "bench/modules/**/*.ts",
];

/** Rules of the house for AssemblyScript, by syntax alone. */
const houseRules = [
  {
    selector: "ForStatement:not([test])",
    message: "asc 0.28 drops the code after a `for` without a condition: use while (true).",
  },
  { selector: "ThrowStatement", message: "An exception traps the whole worker's VM: return an outcome." },
  { selector: "TryStatement", message: "AssemblyScript has no exceptions." },
  {
    selector: "NewExpression",
    message: "No managed object is made at run time: take memory from an arena.",
  },
  {
    selector: "TemplateLiteral[expressions.length>0]",
    message: "No string is built at run time: use a Writer.",
  },
  {
    selector:
      "CallExpression[callee.object.name=/^(String|Date|Math)$/][callee.property.name=/^(UTF8|now|random)$/]",
    message: "Lenient decoding, clock and randomness have no place here.",
  },
  {
    selector: "ImportDeclaration[source.value=/packages\\//]",
    message: "Import packages by name: asc takes the same file under two paths for two modules.",
  },
];

export default tseslint.config(
  { ignores: ["build/out/**", "node_modules/**", "bench/results/**"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      "no-shadow": "error",
      "no-undef": "off",
      eqeqeq: "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: assemblyScript,
    languageOptions: { parserOptions: { allowInvalidAST: true } },
    rules: {
      eqeqeq: "off",
      "no-shadow": "off",
      "no-loss-of-precision": "off",
      "no-unused-vars": "off",
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-loss-of-precision": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-unused-vars": ["error", { args: "none" }],
      "@typescript-eslint/no-invalid-void-type": "off",
      "no-restricted-syntax": ["error", ...houseRules],
    },
  },
);
