import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The page with all that it needs. */
const PAGE = "index.html";

/** Where it is served from, and where it is made. */
const [SERVED, MADE] = ["dist", "dist/.made"];

/**
 * Puts the script, the styles and the pictures into the page. A browser that got the page has everything then, and asks no replica
 * of another build for a file that only this build has.
 */
function selfContained(): Plugin {
  return {
    name: "self-contained",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle[PAGE];
      if (page?.type !== "asset") throw new Error(`there is no ${PAGE}`);
      let html = String(page.source);
      const hashes: Record<"script" | "style", string> = { script: "", style: "" };
      const inline = (link: RegExp, kind: "script" | "style", opening: string, content: string) => {
        if (!link.test(html)) throw new Error(`${PAGE} has no place for a ${kind}`);
        // With a function nothing in the content has a meaning for the replacement.
        html = html.replace(link, () => `${opening}${content}</${kind}>`);
        hashes[kind] = `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
      };
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        delete bundle[name];
        if (file.type === "chunk" && file.isEntry) {
          // What would end the script for a browser is written in another way, which means the same in a string.
          const code = file.code.replace(/<(?=\/script|!--)/gi, "\\x3C");
          inline(/<script [^>]*src=[^>]*><\/script>/, "script", '<script type="module">', code);
        } else if (file.type === "asset" && name.endsWith(".css")) {
          inline(/<link rel="stylesheet"[^>]*>/, "style", "<style>", String(file.source));
        } else if (file.type === "asset" && name.endsWith(".svg")) {
          const url = `data:image/svg+xml,${encodeURIComponent(String(file.source))}`;
          html = html.replaceAll(`"/${name}"`, () => `"${url}"`);
        } else throw new Error(`${name} would be a file of its own`);
      }
      page.source = html.replace("<head>", () => `<head>\n    ${policy(hashes)}`);
    },
  };
}

/** Nothing else than what stands in the page may act on it: what somebody smuggles in has another hash. */
function policy({ script, style }: Record<"script" | "style", string>): string {
  const content = [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ];
  return `<meta http-equiv="content-security-policy" content="${content.join("; ")}">`;
}

/**
 * Makes a `.gz` and a `.br` of the page, so that no replica spends time on compressing what never changes. Then it puts
 * them in place of those before, each at one stroke: whoever is just being served gets a whole page, old or new.
 */
function compressedAndServed(): Plugin {
  return {
    name: "compressed-and-served",
    apply: "build",
    async writeBundle() {
      const made = join(MADE, PAGE);
      const bytes = await readFile(made);
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      await writeFile(`${made}.gz`, await promisify(gzip)(bytes, { level: 9 }));
      await writeFile(`${made}.br`, await promisify(brotliCompress)(bytes, { params }));
      await mkdir(SERVED, { recursive: true });
      for (const end of [".gz", ".br", ""]) {
        await rename(`${made}${end}`, join(SERVED, `${PAGE}${end}`));
      }
    },
  };
}

export default defineConfig({
  build: {
    outDir: MADE,
    // Those that the script or the styles name, too.
    assetsInlineLimit: 100_000,
    modulePreload: { polyfill: false },
  },
  plugins: [selfContained(), compressedAndServed()],
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
