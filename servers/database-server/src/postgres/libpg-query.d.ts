/** The compiled parser itself. The package's own entry keeps one instance of it for ever. */
declare module "libpg-query/wasm/libpg-query.js" {
  export interface PgQuery {
    _malloc(bytes: number): number;
    _free(at: number): void;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, at: number, bytes: number): void;
    UTF8ToString(at: number): string;
    getValue(at: number, type: "i32"): number;
    _wasm_parse_query_raw(at: number): number;
    _wasm_free_parse_result(at: number): void;
  }
  export default function load(): Promise<PgQuery>;
}
