import assert from "node:assert/strict";
import fc from "fast-check";
import { linuxInfo } from "./linux_info.ts";
import { macInfo } from "./mac_info.ts";
import { infoLines } from "./system_info.ts";
import { windowsInfo } from "./windows_info.ts";

const LINUX = `==> /proc/cpuinfo <==
processor\t: 0
model name\t: Acme Eight-Core 3000
processor\t: 1
model name\t: Acme Eight-Core 3000

==> /proc/meminfo <==
MemTotal:       16000000 kB
MemFree:         1000000 kB
MemAvailable:    8000000 kB
SwapTotal:       2000000 kB
SwapFree:        2000000 kB

==> /proc/stat <==
cpu  10 0 10 100
cpu0 5 0 5 50
cpu1 5 0 5 50

==> /proc/loadavg <==
0.50 1.25 2.00 2/300 4242

==> /proc/uptime <==
93784.12 100000.00

==> /proc/sys/kernel/osrelease <==
6.1.0-18-amd64

==> /etc/os-release <==
NAME="Debian GNU/Linux"
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
`;
const DF = `Filesystem     1024-blocks      Used Available Capacity Mounted on
/dev/sda2        100000000  60000000  40000000      60% /
tmpfs              8000000         0   8000000       0% /dev/shm
/dev/sda2        100000000  60000000  40000000      60% /home/ada/a long name
/dev/loop3          100000    100000         0     100% /snap/core
/dev/sdb1         50000000  10000000  40000000      20% /data
`;
const PS = `      1  0.1  12000 /usr/lib/systemd/systemd
   4242 97.5 204800 node
      7  0,3 409600 Web Content
`;
const IP = JSON.stringify([
  {
    ifname: "lo",
    operstate: "UNKNOWN",
    flags: ["LOWER_UP"],
    addr_info: [{ local: "127.0.0.1", prefixlen: 8 }],
  },
  {
    ifname: "eth0",
    operstate: "UP",
    address: "aa:bb:cc:dd:ee:ff",
    addr_info: [
      { local: "192.0.2.7", prefixlen: 24, scope: "global" },
      { local: "fe80::1", prefixlen: 64, scope: "link" },
    ],
    stats64: { rx: { bytes: 1_048_576 }, tx: { bytes: 2_048 } },
  },
]);

Deno.test("Linux is told in figures that people know", () => {
  const text = infoLines(linuxInfo({ machine: LINUX, disks: DF, network: IP, processes: PS }))
    .join("\n");
  assert.equal(
    text,
    `system: Debian GNU/Linux 12 (bookworm) (Linux 6.1.0-18-amd64)
running for: 1 d 2 h 3 min
processor: Acme Eight-Core 3000, 2 cores
load over 1, 5, 15 minutes: 0.50, 1.25, 2.00
memory: 7.6 GiB of 15 GiB available
swap: 1.9 GiB of 1.9 GiB free
disks:
- /: 38 GiB of 95 GiB free (60 % used)
- /data: 38 GiB of 48 GiB free (20 % used)
network:
- eth0 (up): 192.0.2.7/24; 1.0 MiB received, 2.0 KiB sent
by processor, on average since each began:
- node (4242): 97.5 %, 200 MiB
- Web Content (7): 0.3 %, 400 MiB
- systemd (1): 0.1 %, 12 MiB
by memory:
- Web Content (7): 0.3 %, 400 MiB
- node (4242): 97.5 %, 200 MiB
- systemd (1): 0.1 %, 12 MiB
processes: 3`,
  );
  assert.ok(!text.includes("aa:bb"), "no hardware address");
});

Deno.test("macOS is told from what its programs write", () => {
  const info = macInfo({
    machine: `hw.memsize: 17179869184
hw.ncpu: 8
machdep.cpu.brand_string: Acme M9
vm.loadavg: { 2,10 1,95 1,80 }
vm.swapusage: total = 2048,00M  used = 1024,00M  free = 1024,00M  (encrypted)
kern.boottime: { sec = 1700000000, usec = 0 } Tue Nov 14 22:13:20 2023
`,
    pages: `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                              100000.
Pages active:                            300000.
Pages inactive:                          100000.
Pages speculative:                        10000.
Pages purgeable:                           2000.
`,
    system: "ProductName:\t\tmacOS\nProductVersion:\t\t14.5\nBuildVersion:\t\t23F79\n",
    disks: `Filesystem   1024-blocks      Used Available Capacity  Mounted on
/dev/disk3s1s1 482797652 10000000 200000000     5%    /
devfs                201       201         0   100%    /dev
/dev/disk3s5   482797652 260000000 200000000    57%    /System/Volumes/Data
map auto_home          0         0         0   100%    /System/Volumes/Data/home
`,
    network: `lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether aa:bb:cc:dd:ee:ff
\tinet6 fe80::1%en0 prefixlen 64 secured scopeid 0xb
\tinet 198.51.100.4 netmask 0xffffff00 broadcast 198.51.100.255
\tstatus: active
en1: flags=8822<BROADCAST,SMART,SIMPLEX,MULTICAST> mtu 1500
\tstatus: inactive
`,
    processes: "  77  12.5  51200 /Applications/Any App.app/Contents/MacOS/Any App\n",
  }, 1_700_003_600);
  assert.equal(
    infoLines(info).join("\n"),
    `system: macOS 14.5
running for: 1 h 0 min
processor: Acme M9, 8 cores
load over 1, 5, 15 minutes: 2.10, 1.95, 1.80
memory: 3.2 GiB of 16 GiB available
swap: 1.0 GiB of 2.0 GiB free
disks:
- /: 191 GiB of 460 GiB free (59 % used)
- /System/Volumes/Data: 191 GiB of 460 GiB free (59 % used)
network:
- en0 (up): 198.51.100.4
by processor, on average since each began:
- Any App (77): 12.5 %, 50 MiB
by memory:
- Any App (77): 12.5 %, 50 MiB
processes: 1`,
  );
});

Deno.test("Windows is told from one script's JSON, a list of one included", () => {
  const info = windowsInfo({
    machine: `\ufeff${
      JSON.stringify({
        system: "Microsoft Windows 11 Pro 10.0.22631",
        uptime: 7_260,
        processor: "Acme i99  ",
        cores: 16,
        use: 3,
        total: 34_359_738_368,
        available: 17_179_869_184,
        disks: { DeviceID: "C:", Size: 1_099_511_627_776, FreeSpace: 549_755_813_888 },
        networks: [{ Description: "Acme Wi-Fi", IPAddress: ["203.0.113.9", "fe80::9"] }],
        processes: [
          { Id: 0, ProcessName: "Idle", CPU: null, WorkingSet64: 8_192 },
          { Id: 4242, ProcessName: "code", CPU: 50, WorkingSet64: 209_715_200, Age: 100 },
        ],
      })
    }\r\n`,
  });
  assert.equal(
    infoLines(info).join("\n"),
    `system: Windows 11 Pro 10.0.22631
running for: 2 h 1 min
processor: Acme i99, 16 cores
memory: 16 GiB of 32 GiB available
disks:
- C:: 512 GiB of 1.0 TiB free (50 % used)
network:
- Acme Wi-Fi (up): 203.0.113.9
by processor, on average since each began:
- code (4242): 50.0 %, 200 MiB
by memory:
- code (4242): 50.0 %, 200 MiB
processes: 1`,
  );
});

Deno.test("whatever the programs write, it becomes a few plain lines", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.jsonValue(), (text, value) => {
      const json = JSON.stringify(value);
      const all = [
        linuxInfo({ machine: text, disks: text, network: text, processes: text }),
        linuxInfo({ machine: LINUX + text, network: json }),
        macInfo({ machine: text, pages: text, system: text, disks: text, network: text }, 1),
        windowsInfo({ machine: json }),
        windowsInfo({
          machine: JSON.stringify({ disks: value, networks: value, processes: value }),
        }),
      ];
      for (const line of all.flatMap(infoLines)) assert.ok(!/[\p{Cc}\p{Cf}]/u.test(line), line);
    }),
  );
});
