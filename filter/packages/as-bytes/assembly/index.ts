export * from "./bytes";
export * from "./arena";
