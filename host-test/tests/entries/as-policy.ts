export * from "as-policy";
