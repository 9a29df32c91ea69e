/** What the store is asked, in its language LogsQL. */

import { TRAEFIKS_ID } from "./record";

/** Whether a text can be the id of a request or of a trace. Nothing else gets into a question. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text);
}

/** All records of the request or the trace of this id, or of what its caller called so, and of the traces of these ids. */
export function queryFor(id: string, traces: readonly string[] = []): string {
  const own = ["request_id", "client_request_id", "trace_id", `"${TRAEFIKS_ID}"`];
  const fields = own.map((field) => is(field, id));
  return [...fields, ...traces.map((trace) => is("trace_id", trace))].join(" or ");
}

/** Where the store's own page shows the same, for the page at `here`. */
export function storesPage(query: string, here: { port: string }): string {
  const port = here.port === "" ? "" : `:${here.port}`;
  // Without a range of time that page shows five minutes.
  const search = `query=${encodeURIComponent(query)}&g0.range_input=1d`;
  return `http://logs.localhost${port}/select/vmui/#/?${search}`;
}

/** A string of LogsQL is written as one of JSON. */
function is(field: string, value: string): string {
  return `${field}:=${JSON.stringify(value)}`;
}
