/** A fetch that sends reads, and calls under an idempotency key, again: after a broken connection, 429, 502, 503 and 504. */

import { KEYED } from "./keyed.js";

export interface Retries {
  /** All tries of one call, in milliseconds. */
  totalMs: number;
  firstMs: number;
  mostMs: number;
}

export const USUAL: Retries = { totalMs: 30_000, firstMs: 200, mostMs: 5_000 };
const AGAIN = new Set([429, 502, 503, 504]);

export function retrying(retries: Retries = USUAL, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const call = `${request.method} ${new URL(request.url).pathname}`;
    const keyed = KEYED.some((one) => one.test(call));
    if (keyed && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    const until = keyed || request.method === "GET" ? Date.now() + retries.totalMs : 0;
    for (let tries = 0; ; tries++) {
      const jitter = Math.random() * Math.min(retries.mostMs, retries.firstMs * 2 ** Math.min(tries, 30));
      let pause = jitter;
      try {
        const response = await send(request.clone());
        if (!AGAIN.has(response.status)) return response;
        pause += 1000 * Number(response.headers.get("Retry-After") ?? 0) || 0;
        if (Date.now() + pause >= until) return response;
        await response.body?.cancel();
      } catch (error) {
        if (request.signal.aborted || Date.now() + pause >= until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
}
