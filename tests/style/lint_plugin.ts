/**
 * The project's own lint rules. `deno lint` runs them, `lint_plugin_test.ts` proves that each bites.
 * @module
 */
import {
  codedErrors,
  noBooleanArguments,
  noConsole,
  noEmptyCatch,
  testReasons,
} from "./code_rules.ts";
import { documentedExports, noDefaultExport, noExportAll, trustedImports } from "./import_rules.ts";
import { fileLength, fileNames } from "./name_rules.ts";
import { kernelPowers, pureFolders, vaultNames } from "./power_rules.ts";
import { toLintRule } from "./rule.ts";

const plugin: Deno.lint.Plugin = {
  name: "pyra",
  rules: {
    "coded-errors": toLintRule(codedErrors),
    "documented-exports": toLintRule(documentedExports),
    "file-length": toLintRule(fileLength),
    "file-names": toLintRule(fileNames),
    "kernel-powers": toLintRule(kernelPowers),
    "no-boolean-arguments": toLintRule(noBooleanArguments),
    "no-console": toLintRule(noConsole),
    "no-default-export": toLintRule(noDefaultExport),
    "no-empty-catch": toLintRule(noEmptyCatch),
    "no-export-all": toLintRule(noExportAll),
    "pure-folders": toLintRule(pureFolders),
    "test-reasons": toLintRule(testReasons),
    "trusted-imports": toLintRule(trustedImports),
    "vault-names": toLintRule(vaultNames),
  },
};

export default plugin;
