/**
 * Containers, clusters, and machines in a cloud.
 * @module
 */
import { type Call, type Court, type Rule, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { groundOf } from "../paths.ts";
import { judgeVerbs } from "../verbs.ts";

const DOCKER_VALUED =
  "-v --volume --mount -e --env -p --publish --name -u --user -w --workdir --network --entrypoint -h --hostname -l --label -m --memory --cap-add --cap-drop --security-opt --pid --ipc --device --env-file --restart --add-host --platform --gpus --cpus -f --file --context -H --host -c --log-driver --log-opt --ulimit --tmpfs --volumes-from --runtime --shm-size --link --expose --dns";

const docker: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), DOCKER_VALUED);
  const [first = "", second = ""] = options.operands;
  const management =
    /^(container|compose|image|volume|network|system|builder|buildx|stack|service|swarm|node|secret|config|context|plugin|manifest|trust|checkpoint)$/
      .test(first);
  const verb = management ? second : first;
  if (/^(run|create|exec)$/.test(verb)) return contained(call, options, verb, court);
  if (verb === "rm" && !/^(volume|network|stack|service|secret|config)$/.test(first)) {
    // A stopped container can be made again; a running one, its volumes, or all of them are another matter.
    const much = options.has("-f", "--force", "-v", "--volumes") ||
      call.words.some((word) => word.includes("\0"));
    return court.raise(much ? "DANGEROUS" : "MODERATE", "removes containers or images");
  }
  if (verb === "down" && options.has("-v", "--volumes", "--rmi")) {
    return court.raise("DANGEROUS", "removes containers with what they hold");
  }
  if (/^(kill|down)$/.test(verb) && !options.has("-v", "--volumes", "--rmi")) {
    return court.raise("MODERATE", "stops containers");
  }
  if (
    /^(top|logs|ps|inspect|images|ls|port|stats|events|info|version|history|search|diff|config|df)$/
      .test(verb)
  ) return;
  judgeVerbs(call, court, "known");
  if (verb === "stop" || verb === "import" || verb === "commit") {
    court.raise("MODERATE", "changes containers");
  }
};

function contained(
  call: Call,
  options: ReturnType<typeof optionsOf>,
  verb: string,
  court: Court,
): void {
  court.raise("MODERATE", "runs a program in a container");
  if (
    options.has("--privileged", "--cap-add") ||
    options.values("--pid", "--network", "--ipc", "--userns").includes("host") &&
      options.values("--pid").includes("host")
  ) {
    court.raise("DANGEROUS", "gives a container the rights of the machine");
  }
  for (const mount of [...options.values("-v", "--volume"), ...options.values("--mount")]) {
    const source = mount.startsWith("type=")
      ? /(?:source|src)=([^,]+)/.exec(mount)?.[1] ?? ""
      : mount.split(":")[0] ?? "";
    const ground = groundOf(source, call.scope, court);
    if (ground === "vault") court.raise("FORBIDDEN", "opens the vault", mount);
    if (
      /docker\.sock$/.test(source) ||
      (source.startsWith("/") &&
        ["root", "system", "home", "credential", "device"].includes(ground))
    ) {
      court.raise("DANGEROUS", "gives a container files of the machine", mount);
    }
  }
  const image = options.operands.indexOf(verb) + 1;
  const carried = call.words.slice(call.words.indexOf(options.operands[image] ?? "") + 1);
  if (image > 0 && image < options.operands.length && carried.length > 0) {
    const scope = within(call.scope, { remote: true, folder: "/~" });
    court.call({ ...call, words: carried, scope });
  }
}

const kubectl: Rule = (call, court) => {
  const { words } = call;
  const at = words.indexOf("--");
  if (words.includes("exec") && at > 0) {
    court.raise("MODERATE", "runs a program in a container");
    court.call({
      ...call,
      words: words.slice(at + 1),
      scope: within(call.scope, { remote: true }),
    });
    return;
  }
  const [verb = "", second = ""] =
    optionsOf(words.slice(1), "-n --namespace --context --kubeconfig -f -o -l --cluster --user -s")
      .operands;
  if (/^(cordon|drain|taint|replace|delete|scale)$/.test(verb)) {
    const risky = verb !== "scale" && verb !== "cordon" ||
      words.some((word) => /^--replicas=?0?$/.test(word) && !/[1-9]/.test(word));
    court.raise(
      risky ? "DANGEROUS" : "MODERATE",
      "deletes, stops or replaces something in the cluster",
    );
    if (/--dry-run(=client|=server)?( |$)/.test(words.join(" "))) return;
  }
  if (verb === "get" || verb === "describe") {
    if (/^secrets?(\/|$)/.test(second) && words.some((word) => /^(-o|--output)/.test(word))) {
      court.raise("DANGEROUS", "shows keys or passwords");
    }
    return;
  }
  if (verb === "rollout") {
    return court.raise(
      second === "undo" ? "DANGEROUS" : /^(status|history)$/.test(second) ? "SAFE" : "MODERATE",
      "changes what runs in the cluster",
    );
  }
  if (
    /^(auth|api-resources|api-versions|cluster-info|options|kustomize|config)$/.test(verb) &&
    !/^(set|delete|use|unset|rename)/.test(second)
  ) return;
  judgeVerbs(call, court, "known");
};

const terraform: Rule = (call, court) => {
  const [verb = "", second = ""] = call.words.slice(1).filter((word) => !word.startsWith("-"));
  const line = call.words.join(" ");
  if (/^(plan|show|validate|output|graph|version|providers|console|get|metadata)$/.test(verb)) {
    return;
  }
  court.raise("MODERATE", "changes machines in a cloud");
  if (
    verb === "destroy" || /(^| )--?(destroy|auto-approve|replace|lock=false|force)\b/.test(line) ||
    /^(taint|force-unlock)$/.test(verb)
  ) {
    court.raise("DANGEROUS", "destroys or changes machines in a cloud");
  }
  if (
    (verb === "state" && /^(rm|push|mv|replace-provider)$/.test(second)) ||
    (verb === "workspace" && second === "delete")
  ) court.raise("DANGEROUS", "changes what is known of machines in a cloud");
};

/** Rules by program. */
export const CONTAINERS: Readonly<Record<string, Rule>> = {
  docker,
  podman: docker,
  nerdctl: docker,
  "docker-compose": docker,
  "podman-compose": docker,
  kubectl,
  oc: kubectl,
  k: kubectl,
  terraform,
  tofu: terraform,
  terragrunt: terraform,
};
