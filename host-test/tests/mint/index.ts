/** The mint of test credentials: the command line's, and broken tokens beside its good ones. */
export * from "../../../cli/mint/index.ts";
export * from "./broken.ts";
