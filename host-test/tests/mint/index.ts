/** The mint of test credentials: the command line's. */
export * from "../../../cli/mint/index.ts";
