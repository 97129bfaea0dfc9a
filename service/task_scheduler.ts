/**
 * The daemon as a task of Windows' Task Scheduler, started when the person logs on. Elements: the Task
 * Scheduler schema (MS-TSCH 2.3). Arguments: the rules of `CommandLineToArgvW`.
 * @module
 */
import { MARKER, type ServiceFacts } from "./facts.ts";
import { escapeXml } from "./xml.ts";

/**
 * One argument. The scheduler puts variables in for `%NAME%`, and nothing escapes a `%`: it stands outside
 * the quotes and behind some, so that there is a quote between any two, as in no variable's name.
 */
function argument(text: string): string {
  const parts = text.split("%").map((part, number) => {
    if (part === "" && number > 0) return part;
    // Backslashes are themselves, but before a quote.
    return `"${part.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
  });
  return parts.join("%");
}

/** What the scheduler would put something else in for, and nothing prevents it; or `undefined`. */
export function changedPath({ program, workspace }: ServiceFacts): string | undefined {
  const paths = [program[0] ?? "", workspace];
  return paths.find((path) => /%[^%]+%/.test(path)) ??
    [...program, workspace].find((text) => text.includes("$("));
}

/** The task's XML; what is not in it is as the schema has it. @param facts for which `unwritable` and `changedPath` have no word */
export function scheduledTask({ program, workspace, user, profile }: ServiceFacts): string {
  const [executable = "", ...rest] = program;
  const who = escapeXml(user);
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>${who}</Author>
    <Description>Pyra's daemon, profile ${escapeXml(profile)}: ${MARKER}.</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <UserId>${who}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${who}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <Hidden>true</Hidden>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>10</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(executable)}</Command>
      <Arguments>${escapeXml(rest.map(argument).join(" "))}</Arguments>
      <WorkingDirectory>${escapeXml(workspace)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

/** A text in UTF-16, little-endian, with its mark, as the scheduler reads it. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let at = 0; at < text.length; at++) view.setUint16(2 + 2 * at, text.charCodeAt(at), true);
  return bytes;
}
