export * from "./document";
export * from "./enforce";
export * from "./facts";
export * from "./load-document";
export { loadSecretKeys, prepareKeys, unusableKeys } from "./load-keys";
export * from "./reason";
export * from "./token-cache";
export * from "./verdict";
export * from "./well-known";
