export * from "../scan/byte_source.ts";
