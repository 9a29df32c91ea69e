import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Writes a `.gz` and a `.br` file beside each file, so that no replica spends time on compressing
 * what never changes.
 */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      await Promise.all(
        Object.keys(bundle).map(async (name) => {
          const path = join(dir, name);
          const bytes = await readFile(path);
          const params = {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          };
          await Promise.all([
            writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 })),
            writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params })),
          ]);
        }),
      );
    },
  };
}

export default defineConfig({
  build: {
    // The page forbids inline scripts and styles, so nothing is put into the HTML or made a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [precompressed()],
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
