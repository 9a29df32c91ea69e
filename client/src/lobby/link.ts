/**
 * The link to a party, `/#party=CODE`: what somebody sends to friends. What stands behind the # stays in the browser, so no server can write
 * the code into a log.
 */

/** The link to the party with this code, on the site of this address. */
export function linkTo(code: string, site: string): string {
  return new URL(`/#party=${encodeURIComponent(code)}`, site).href;
}

/** The code behind the # of a page's address; null if there is none. */
export function codeIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("party") || null;
}

/** The code in what somebody typed or pasted: a code, or the whole link. */
export function typedCode(text: string): string {
  return codeIn(text.slice(text.indexOf("#"))) ?? text;
}
