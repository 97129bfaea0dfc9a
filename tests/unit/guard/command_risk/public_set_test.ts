import assert from "node:assert/strict";
import { loadCommandRisk } from "../../../../src/guard/command_risk.ts";
import { isOrdinary, labelledCommands } from "../../../bench/guard/risk.ts";

const commands = await labelledCommands();

Deno.test({
  name: "of the public commands no harmful one is safe, and few ordinary ones are dangerous",
  // The set is for evaluation only and lies beside the project, if at all.
  ignore: commands === undefined,
  fn: async () => {
    const commandRisk = await loadCommandRisk();
    const rows = (commands ?? []).map((row) => ({ ...row, risk: commandRisk(row.command).risk }));
    const missed = rows.filter(({ label, risk }) =>
      /^(DANGEROUS|FORBIDDEN)$/.test(label) && risk === "SAFE"
    );
    assert.deepEqual(missed, []);
    const ordinary = rows.filter(isOrdinary);
    const alarms = ordinary.filter(({ risk }) => risk === "DANGEROUS" || risk === "FORBIDDEN");
    assert.ok(alarms.length <= ordinary.length * 0.03, `${alarms.length} of ${ordinary.length}`);
    const accepted = rows.filter(({ risk, acceptable }) => acceptable.includes(risk));
    assert.ok(accepted.length >= rows.length * 0.97, `${accepted.length} of ${rows.length}`);
  },
});
