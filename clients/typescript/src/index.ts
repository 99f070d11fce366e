export * from "./generated/index.js";
export { retrying, USUAL, type Retries } from "./retries.js";

import { createClient } from "./generated/client/index.js";
import { retrying, type Retries } from "./retries.js";

/** Give it to every call as `client`. */
export function giliran(baseUrl: string, key: string, retries?: Retries) {
  return createClient({ baseUrl, auth: () => key, fetch: retrying(retries) });
}
