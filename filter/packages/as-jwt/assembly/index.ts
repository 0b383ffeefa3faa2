export * from "./algorithms";
export * from "./claims";
export * from "./jwk";
export * from "./jws";
export * from "./key-set";
export * from "./reason";
export * from "./verify";
