/**
 * Well-known command-line tools of clouds, containers, services and projects. What they do is read from
 * the verbs among their arguments; here stands what the verbs do not say.
 * @module
 */
import type { Rule } from "../court.ts";
import { judgeVerbs } from "../verbs.ts";

/** Tools of which the verbs say all. */
const KNOWN =
  "aws gcloud gsutil az azcopy kubectl oc helm helmfile kustomize k9s kind minikube k3d kubeadm eksctl argocd flux istioctl linkerd velero " +
  "kops rancher nomad consul vault boundary packer waypoint etcdctl vagrant ansible ansible-galaxy ansible-vault salt puppet chef " +
  "knife cdk pulumi serverless sls sam copilot amplify eb heroku vercel netlify fly flyctl wrangler firebase supabase render " +
  "railway doctl linode-cli hcloud vultr-cli scw ibmcloud oci aliyun tccli exo upctl openstack nova cinder glance swift s3cmd " +
  "s5cmd mc rclone b2 restic borg duplicity kopia rdiff-backup bup tarsnap gh glab hub tea bitbucket circleci travis jenkins-cli " +
  "drone buildkite-agent gitlab-runner gitlab-ctl gitlab-rake gitlab-rails fastlane sentry-cli datadog-ci dog newrelic pd pagerduty " +
  "promtool amtool grafana-cli logcli splunk newman postman stripe braintree square algolia meilisearch elasticsearch-plugin " +
  "opensearch-plugin rabbitmqctl rabbitmqadmin rabbitmq-plugins kafka-topics kafka-configs kafka-consumer-groups kafka-acls " +
  "kafka-delete-records kafka-reassign-partitions kafkactl kcat nats pulsar-admin mosquitto_pub zookeeper-shell zkcli temporal " +
  "airflow dagster prefect dbt spark-submit hdfs hadoop yarn-admin snowflake snow databricks kong deck traefik apigeecli apictl " +
  "tyk fastly akamai cloudflare flarectl varnishadm ldcli flipt unleash split-cli launchdarkly doppler op bw lpass chamber sops " +
  "infisical 1password keeper auth0 okta dex prisma drizzle-kit knex sequelize typeorm alembic flyway liquibase dbmate goose " +
  "migrate sqitch atlas hasura strapi wp drush artisan rails bin/rails django-admin manage.py symfony console rasa ollama " +
  "huggingface-cli modal wandb mlflow dvc zsh-plugin docker-machine podman-machine lxc lxd incus virsh virt-install VBoxManage vboxmanage " +
  "vmrun multipass qm pct xe esxcli govc ipfs geth bitcoin-cli solana near eosio cast forge truffle hardhat anchor terraform " +
  "terragrunt tofu tfswitch atlantis infracost crane skopeo regctl oras cosign trivy grype snyk nerdctl crictl ctr buildah " +
  "container certbot acme.sh step cfssl mkcert asadmin catalina.sh wildfly jboss-cli sonar-scanner nx turbo lerna rush changeset " +
  "semantic-release release-it standard-version expo eas react-native cordova ionic adb fastboot xcrun simctl tccutil mas " +
  "tailscale zerotier-cli wg wg-quick openvpn headscale teleport tsh snapper timeshift proxmox-backup-client rbd ceph rados " +
  "gluster drbdadm pcs crm corosync-cmapctl keepalived haproxyctl wal-g pgbackrest barman patronictl repmgr mongocli atlas-cli " +
  "cloudctl cf bosh credhub akash dapr tilt skaffold devspace garden okteto telepresence stern kubens kubectx krew";

const known: Rule = (call, court) => judgeVerbs(call, court, "known");

/** Words a tool uses in its own way: what they do, by pattern over all arguments. */
function special(dangerous: RegExp, safe: RegExp = /^$/): Rule {
  return (call, court) => {
    const words = call.words.slice(1);
    const first = words.findIndex((word) => !word.startsWith("-"));
    const line = words.slice(Math.max(0, first)).join(" ");
    if (safe.test(line)) return;
    if (dangerous.test(words.join(" "))) {
      court.raise("DANGEROUS", "deletes, stops or overwrites something");
    }
    judgeVerbs(call, court, "known");
  };
}

const AWS = special(
  /\b(delete|terminate|remove|purge|deregister|destroy|disable-key|schedule-key-deletion|cancel-|revoke-|detach-|stop-|reboot-|reset-|put-secret-value|put-bucket-policy|put-bucket-lifecycle\S*|update-secret|create-invalidation|modify-db-instance|s3 rb|s3 rm|s3 mv|put-user-policy|attach-\w+-policy|create-access-key|add-permission|authorize-security-group-ingress)|--force-delete|s3 sync .*--delete|delete-marker-replication/,
  /^(--\S+ \S+ )*\S+ (get|list|describe|ls|head|batch-get|lookup|search|filter|view|simulate|validate|estimate|decode|test|wait)\b/,
);

const java: Rule = (call, court) => {
  court.raise("MODERATE", "runs a program");
  const at = call.words.indexOf("-jar");
  if (at > 0) judgeVerbs({ ...call, words: call.words.slice(at + 1) }, court, "unknown");
};

/** Rules by program. */
export const COMMAND_LINES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(KNOWN.toLowerCase().split(" ").map((name) => [name, known])),
  aws: AWS,
  awslocal: AWS,
  java,
  cdk: special(/^destroy|--force|--require-approval[= ]never/),
  pulumi: special(
    /^(destroy|down|cancel)|stack rm|state (delete|unprotect)|--remove/,
    /^(preview|stack ls|about|whoami|config get|logs)/,
  ),
  rclone: special(
    /^(sync|move|moveto|delete|deletefile|purge|rmdir|rmdirs|cleanup|dedupe|bisync|settier)\b/,
    /^(ls|lsd|lsl|lsf|lsjson|size|check|md5sum|sha1sum|about|cat|tree|version|listremotes|ncdu|hashsum|config show)\b/,
  ),
  restic: special(
    /\b(forget|prune|rewrite|unlock|key remove|repair|tag --remove|cache --cleanup)\b/,
  ),
  borg: special(
    /\b(delete|prune|compact|break-lock|recreate|key change|rdelete|config|with-lock)\b/,
  ),
  velero: special(/\bdelete\b/),
  wrangler: special(
    /\b(delete|rollback|secret:bulk|d1 execute .*(drop|delete|truncate))\b/i,
    /^(whoami|tail|dev|--version|-v|kv:\w+ list)/,
  ),
  gh: special(
    /\b(repo (delete|archive|rename)|release delete|secret (delete|remove|set)|variable (delete|remove)|issue delete|(run|workflow) (delete|cancel|disable)|(ssh|gpg)-key (delete|add)|cache delete|gist delete|label delete|codespace delete|pr merge .*--admin|api .*(-X|--method)[= ]?(DELETE|PUT|PATCH)|auth (logout|token|refresh)|extension (install|remove)|alias set|ruleset delete)/,
    /^(\w[\w-]* )?(list|view|status|diff|checks|search|browse|watch|ls)\b|^auth status/,
  ),
  glab: special(
    /\b(delete|api .*(-X|--method)[= ]?(DELETE|PUT|PATCH)|variable (set|update)|repo transfer|archive)\b/,
    /^\S+ (list|view|status|show|trace|ls)\b/,
  ),
  heroku: special(
    /:(destroy|delete|reset|remove|unset|detach|rollback|transfer|stop|kill|revoke|clear)|\bpg:(reset|kill|push|copy)|apps:destroy|ps:scale .*=0/,
  ),
  vercel: special(/^(remove|rm|rollback|--prod)|\b(rm|remove)\b/),
  netlify: special(/:(delete|unset|purge)\b|--prod\b/),
  flyctl: special(/\b(destroy|delete|remove|unset|revoke|restart|stop|suspend)\b/),
  fly: special(/\b(destroy|delete|remove|unset|revoke|suspend|stop)\b/),
  firebase: special(
    /:(delete|disable|remove|destroy|rollback)\b|firestore:delete|database:(remove|set)|--force/,
  ),
  supabase: special(/db (reset|push)|\bdelete\b|secrets unset|projects delete/),
  prisma: special(
    /migrate reset|db push.*--(force-reset|accept-data-loss)|db execute/,
    /^(validate|format|studio|generate|version|migrate (status|diff))/,
  ),
  alembic: special(/\bdowngrade\b|stamp .*--purge/, /^(current|history|heads|show|branches|check)/),
  flyway: special(/\b(clean|undo|repair)\b/),
  liquibase: special(
    /\b(rollback\S*|drop-?all\S*|clear-?checksums)\b/i,
  ),
  rails: special(
    /\bdb:(drop|reset|purge|truncate\S*|rollback|schema:load|migrate:(down|reset|redo)|seed:replant|environment:set)|\b(runner|r) .*(delete|destroy|drop)|\bdestroy\b/i,
    /^(routes|stats|about|notes|middleware|db:(version|migrate:status))/,
  ),
  artisan: special(
    /migrate:(fresh|reset|rollback|refresh)|db:wipe|queue:(flush|clear)|cache:clear|down\b/,
  ),
  django: special(/\b(flush|reset_db|sqlflush|migrate \S+ zero|drop)\b/),
  "django-admin": special(/\b(flush|reset_db|migrate \S+ zero)\b/),
  "manage.py": special(/\b(flush|reset_db|migrate \S+ zero|clearsessions|remove_stale)\b/),
  ansible: special(/state=absent|-m (shell|command|raw|reboot|file .*absent)|\ball\b.*-a/),
  "ansible-playbook": special(/^$/, /--(check|list|syntax)/),
  ldcli: special(/\b(delete|archive|remove|toggle-off|revoke)\b/),
  nats: special(/\b(rm|del|delete|purge|shutdown|evict|seal|peer-remove|force)\b/),
  rabbitmqctl: special(
    /\b(\w*delete\w*|force_\w+|reset|stop\w*|forget_\w+|purge_\w+|change_password|clear_\w+|close_\w+|eval|rotate_logs|shutdown|remove_\w+|set_permissions)\b/,
  ),
  consul: special(/\b(delete|leave|force-leave|deregister|kv put .*-|remove-peer|restore|maint)\b/),
  etcdctl: special(
    /^(.* )?(del|defrag|compaction|compact|snapshot restore|member remove|role (delete|revoke)|user delete|auth disable|lease revoke)\b/,
  ),
  vault: special(
    /\b(delete|destroy|disable|revoke|purge|seal|rekey|rotate|generate-root|unwrap|undelete|step-down|token create|operator (init|raft|seal|unseal)|kv metadata delete|metadata put)\b/,
  ),
  helm: special(
    /\b(uninstall|delete|del|un|rollback|--force|repo remove|plugin uninstall)\b/,
    /^(list|ls|status|get|history|show|search|template|lint|version|env|repo list|dependency list|diff)/,
  ),
  op: special(/\b(delete|remove|revoke|suspend|forget|archive)\b/),
  doppler: special(/\b(delete|unset|revoke|reset|rollback)\b/),
  circleci: special(/\b(delete|remove-secret|unlist|store-secret|remove)\b/),
  hdfs: special(/-(rm\w*|rmr|expunge|truncate|format|delete\w*)\b|-safemode|namenode -format/),
  hadoop: special(/-(rm\w*|rmr|expunge|truncate|skipTrash)\b/),
  adb: special(
    /\b(uninstall|reboot|root|sideload|wipe|shell (rm|pm (uninstall|clear)|reboot|wipe|dd|su))\b/,
    /^(devices|logcat|version|get-state)/,
  ),
  fastboot: special(
    /\b(erase|flash\w*|format|oem|wipe|-w|reboot|flashing|update)\b/,
    /^(devices|getvar)/,
  ),
  ceph: special(/\b(rm|delete|purge|destroy|zap|out|down|crush remove|auth del|--yes-i-really)/),
  virsh: special(
    /\b(destroy|undefine|delete|vol-(delete|wipe)|pool-(delete|destroy)|shutdown|reset|snapshot-(delete|revert)|detach\S*|reboot)\b/,
    /^(list|dominfo|dumpxml|pool-list|net-list|vol-list)/,
  ),
  split: special(/\b(delete|kill|remove|archive)\b/),
  "split-cli": known,
  certbot: special(/\b(revoke|delete|unregister|--force)\b/, /^certificates/),
  tailscale: special(
    /\b(logout|down|lock disable|funnel|up .*--ssh)\b/,
    /^(status|ip|ping|netcheck|version|whois)/,
  ),
  wg: special(/\bset\b.*remove|setconf/, /^show/),
  wp: special(
    /\b(db (drop|reset|clean|import|query)|site (delete|empty)|(post|user|plugin|theme|option|comment) delete|core (download|update)|search-replace|eval|rewrite flush|cache flush)\b/,
  ),
  dbt: special(/--full-refresh|\bclean\b/),
  airflow: special(/db (reset|clean)|dags delete|\bdelete\b/),
  kafkactl: special(/\b(delete|reset)\b/),
  "kafka-consumer-groups": special(/--(delete|reset-offsets)\b/),
  "kafka-topics": special(/--delete\b/),
  "kafka-acls": special(/--remove\b/, /--list/),
  "kafka-delete-records": special(/.*/),
  "gitlab-rails": special(/destroy|delete|drop|remove|reset|clear|purge|truncate/i),
  "gitlab-rake": special(/restore|drop|reset|delete|clean|setup|reset|remove|wipe/),
  "gitlab-ctl": special(
    /\b(stop|cleanse|reset|uninstall|remove|kill|term|deploy-page|pg-upgrade|promote)/,
    /^(status|tail|show|check)/,
  ),
};
for (
  const name of [
    "kafka-topics",
    "kafka-consumer-groups",
    "kafka-configs",
    "kafka-acls",
    "kafka-delete-records",
  ] as const
) {
  // Packages of the field name them with an ending.
  Object.assign(COMMAND_LINES, { [`${name}.sh`]: COMMAND_LINES[name] });
}
