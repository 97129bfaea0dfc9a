/**
 * The daemon as an agent of macOS's launchd. Keys: launchd.plist(5).
 * @module
 */
import { MARKER, type ServiceFacts } from "./facts.ts";
import { escapeXml } from "./xml.ts";

/** The text of `LABEL.plist`. @param facts for which `unwritable` has no word */
export function launchdPlist(facts: ServiceFacts): string {
  const { program, label, workspace, path, umask } = facts;
  const text = (value: string) => `<string>${escapeXml(value)}</string>`;
  const log = text(`${facts.logs}/launchd.log`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${MARKER}; pyra daemon uninstall removes it. -->
<plist version="1.0">
<dict>
  <key>Label</key>${text(label)}
  <key>ProgramArguments</key>
  <array>
${program.map((argument) => `    ${text(argument)}`).join("\n")}
  </array>
  <key>WorkingDirectory</key>${text(workspace)}
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>${text(path)}
  </dict>
  <key>RunAtLoad</key><true/>
  <!-- Started again after a failure only, and not more often than every ten seconds. -->
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key><false/>
  </dict>
  <key>ThrottleInterval</key><integer>10</integer>
  <key>ProcessType</key><string>Background</string>
  <!-- What it runs is ended by itself within 30 s. -->
  <key>ExitTimeOut</key><integer>45</integer>
  <key>Umask</key><integer>${umask}</integer>
  <!-- A core dump would hold secrets. -->
  <key>HardResourceLimits</key>
  <dict>
    <key>Core</key><integer>0</integer>
  </dict>
  <!-- What it says before it has its own log. -->
  <key>StandardOutPath</key>${log}
  <key>StandardErrorPath</key>${log}
</dict>
</plist>
`;
}
