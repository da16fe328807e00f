// Long because it is data: one row a rule.
import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const containers = rulesFor('containers');
const kubernetes = rulesFor('kubernetes');
const infrastructure = rulesFor('infrastructure');
const cloud = rulesFor('cloud');

/** Verbs that take something away, alone or at the head of a longer name: `delete`, `delete-bucket`, `apps:destroy`. */
const REMOVES =
  /^[\w-]+[-_:](?:delete|destroy|remove|terminate|purge)$|^(?:[\w-]+[:./])*(?:batch-|bulk-|force-|admin-)?(?:delete|destroy|purge|terminate|remove|rm|rb|del|drop|wipe|erase|nuke|undeploy|deprovision|decommission|teardown|uninstall|deregister|revoke|flush|truncate|empty|shred|cancel|detach|disable|reset|archive|abandon|tear-down|rmdir|prune|deactivate|suspend|expunge|unregister|disassociate|unset|schedule-key-deletion|untag|rollback|roll|clear|clean|kill)(?:[-_:][\w:-]*)?$/i;
const REMOVES_CAMEL = /^(?:Delete|Destroy|Remove|Terminate|Release|Revoke|Purge)[A-Z]\w*$/;
const READS =
  /(?:^|\s)(?:--dry-?run|--dryrun|--what-if|-WhatIf|--help|help|--no-execute|--preview|--plan|--validate-only)(?:[=\s]|$)/i;
/** The words among them that are for removing alone, unlike `reset`, `clean` and `stop`, which tools of development use all day. */
const REMOVES_ANYWHERE =
  /^(?:[a-z]+[-_:])*(?:delete|destroy|purge|erase|wipe|nuke|obliterate|expunge|terminate|revoke|unregister|deregister|decommission|deprovision|undeploy|uninstall|factory[-_]reset|del|deleteall|rm|rmr|remove|drop|prune|flush|forget|empty|rollback|kill)(?:[-_:](?!test|spec)[a-z]+)*$/i;
/** A server under development, but not one of the stores and gateways by their usual ports. */
const OWN_SERVER =
  /(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|(?:^|\s)(?=:\d))(?!:(?:920\d|2379|8500|5984|8086|15672|8200|4646|9000|6333|8983|8001|7700|9090|3100)\b)/;
const DATA = 'Removes something that may hold data.';
const NAMED = 'Name what is to go, and look at it first.';

const DOCKER = 'docker podman nerdctl';
const KUBECTL = 'kubectl oc k kubectl.exe microk8s.kubectl k3s';

/** Programs of services that others may use: what they remove is gone for everybody. */
const SERVICES = [
  'gcloud gsutil az doctl heroku fly flyctl vercel netlify firebase supabase wrangler railway render deta koyeb northflank qovery',
  'porter zeit now surge amplify eb ecs-cli copilot appwrite nhost hasura directus strapi contentful sanity prismic ghost convex',
  'linode-cli hcloud scw ibmcloud oci aliyun openstack nova cinder glance neutron exo upctl vultr-cli civo ionosctl rosa ocm tencentcloud',
  'tccli yc sbercloud ovhai govc esxcli pvesh ncli ceph rados rbd gluster b2 mc minio s3cmd s5cmd rclone azcopy',
  'pscale planetscale neonctl neon turso atlas mongocli realm elastic ecctl cockroach ccloud confluent influx databricks bq snow snowflake',
  'dbt fivetran airflow prefect dagster dvc mlflow wandb huggingface-cli hf algolia meilisearch typesense curator_cli opensearch-cli',
  'kafkactl kaf kcat redpanda rpk pulsar-admin nats gh glab bitbucket circleci buildkite buildkite-agent travis drone woodpecker-cli tkn',
  'argo spin octo buddy rd jenkins-cli jenkins-cli.jar gitlab-runner gitlab-rake jfrog jf artifactory nexus harbor cloudsmith cachix',
  'cloudflared flarectl cfcli fastly akamai dnscontrol octodns octodns-sync cli53 lexicon pdnsutil knotc porkbun godaddy namecheap route53',
  'auth0 okta workos clerk op doppler infisical akeyless conjur bws tailscale zerotier-cli ngrok upstash kong deck apigeecli traefik',
  'stripe paypal square braintree paddle recurly chargebee plaid shopify twilio vonage nexmo plivo sendgrid mailgun postmark mailchimp ses',
  'sparkpost resend sentry-cli rollbar-cli datadog-ci dog newrelic splunk grafana grafana-cli grafanactl amtool promtool cortextool mimirtool',
  'honeycomb snyk pagerduty pd opsgenie statuspage ldcli split unleash flipt statsig flagsmith configcat optimizely launchdarkly growthbook',
  'tea hut couchbase-cli cbq regctl crane hubspot sfdx sf slack jira linear notion nomad-cli wp drush',
].join(' ');

/** The service, then what is done to it; words further on are names and filters. */
const AWS_REMOVES =
  /^[\w-]+ (?:(?:batch-)?(?:delete|terminate|remove|deregister|purge|revoke|detach|disable|cancel|reset|release|disassociate|deactivate|destroy|schedule-key-deletion|unsubscribe)[\w-]*|rm|rb|(?:stop|reboot)-(?:instances|db-[\w-]+)|modify-instance-attribute|put-bucket-(?:policy|acl)|put-user-policy|attach-(?:user|role)-policy|create-access-key|(?:put|update|restore|rotate)-secret[\w-]*)(?:\s|$)/;

/** Containers, clusters, clouds and what describes them. */
export const INFRASTRUCTURE_RULES: readonly Rule[] = [
  containers.ask(
    'prune',
    {
      programs: DOCKER,
      sub: /^(?:(?:system|container|image|volume|network|builder) prune|buildx prune (?:\S+ )*(?:-\w*a|--all)|system reset)\b/,
    },
    'Removes everything that is not in use.',
    NAMED,
  ),
  containers.ask(
    'prune-cache',
    { programs: DOCKER, sub: /^buildx prune\b/, flags: '-a --all' },
    'Removes everything that is not in use.',
    NAMED,
  ),
  containers.ask(
    'remove-forced',
    {
      programs: DOCKER,
      sub: /^(?:container )?rm\b|^(?:rmi|image rm|image remove)\b/,
      flags: '-f --force -v --volumes -l',
    },
    DATA,
    NAMED,
  ),
  containers.ask(
    'remove-many',
    { programs: DOCKER, sub: /^(?:(?:container |image )?(?:rm|remove)|rmi|kill|container kill)\b/, open: true },
    'Removes containers or images that are not named.',
    NAMED,
  ),
  containers.ask(
    'volume',
    {
      programs: DOCKER,
      sub: /^(?:volume|network|secret|config|context|plugin|node|service|stack|swarm|machine|pod|buildx|manifest|trust) (?:rm|remove|leave|revoke|disable|reset|kill)\b/,
    },
    DATA,
    NAMED,
  ),
  containers.ask(
    'kill',
    { programs: DOCKER, sub: /^(?:container )?kill\b/ },
    'Ends a container at once.',
    'Use docker stop.',
  ),
  containers.ask(
    'compose-down',
    {
      programs: DOCKER,
      sub: /^compose (?:\S+ )*(?:down|rm)\b/,
      flags: '-v --volumes --rmi -f --force -s',
      unless: '--dry-run',
    },
    'Removes containers with their volumes.',
    'Use compose stop, or down without -v.',
  ),
  containers.ask(
    'compose-v1-down',
    {
      programs: 'docker-compose podman-compose',
      sub: /^(?:down|rm)\b/,
      flags: '-v --volumes --rmi -f --force -s',
      unless: '--dry-run',
    },
    'Removes containers with their volumes.',
    'Use stop, or down without -v.',
  ),
  containers.ask(
    'host-mount',
    {
      programs: DOCKER,
      text: /(?:-v|--volume)[= ]['"]?(?:\/|~|\/(?:etc|root|home|usr|boot|dev|var|var\/lib|proc|sys)|~\/\.(?:ssh|aws))\/?:|--mount[= ]\S*\b(?:source|src)=(?:\/|~|\/(?:etc|root|home|usr|boot|dev|var))\/?(?:,|\s|$)|docker\.sock(?::|,|\s|$)/,
    },
    "Gives a container the machine's own files.",
  ),
  containers.ask(
    'privileged',
    {
      programs: DOCKER,
      sub: /^(?:container )?(?:run|create|exec)\b/,
      flags: '--privileged',
      except: /--privileged=(?:false|0)\b/,
    },
    'Gives a container all rights on the machine.',
  ),
  containers.ask(
    'host',
    {
      programs: DOCKER,
      sub: /^(?:container )?(?:run|create)\b/,
      text: /--pid[= ]host\b|--cap-add[= ](?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE)\b/i,
    },
    "Gives a container rights over the machine's own processes.",
  ),
  containers.ask(
    'remove-all',
    { programs: 'buildah podman', sub: /^(?:rm|rmi|pod rm|volume rm|unmount)\b/, flags: '-a --all' },
    DATA,
    NAMED,
  ),
  containers.ask(
    'crictl',
    { programs: 'crictl ctr', operand: /^(?:rm|rmi|rmp|delete|kill|stop|stopp|remove)$/ },
    DATA,
    NAMED,
  ),

  kubernetes.ask(
    'delete',
    { programs: KUBECTL, operand: /^delete$/, unless: '--dry-run', except: /^(?:auth|explain)\b/ },
    DATA,
    'Run it with --dry-run=client first.',
  ),
  kubernetes.ask(
    'drain',
    { programs: KUBECTL, sub: /^(?:kubectl )?(?:drain|cordon|taint|evict)\b/, unless: '--dry-run' },
    'Moves work off a node.',
  ),
  kubernetes.ask(
    'scale-down',
    { programs: KUBECTL, operand: /^scale$/, text: /--replicas[= ]0\b/, unless: '--dry-run' },
    'Stops every copy of a service.',
  ),
  kubernetes.ask(
    'replace',
    { programs: KUBECTL, operand: /^(?:replace|apply|create)$/, flags: '--force --prune', unless: '--dry-run' },
    'Deletes what is there first.',
  ),
  kubernetes.ask(
    'rollout',
    { programs: KUBECTL, sub: /^rollout undo\b/, unless: '--dry-run' },
    'Goes back to an older version.',
  ),
  kubernetes.ask(
    'rights',
    {
      programs: KUBECTL,
      sub: /^create (?:cluster)?rolebinding\b|^auth reconcile\b|^adm policy add-\S+\b|^certificate approve\b/,
      unless: '--dry-run',
    },
    'Gives rights over a cluster.',
  ),
  kubernetes.ask(
    'helm-plugin',
    { programs: 'helm kubectl', sub: /^(?:plugin|krew) (?:install|uninstall|update|upgrade|remove)\b/ },
    'Changes the programs that the client runs.',
  ),
  kubernetes.ask('sync', { programs: 'argocd flux', sub: /^app sync\b/, flags: '--prune --force --replace' }, DATA),
  kubernetes.ask('admin', { programs: 'oc', sub: /^adm (?:prune|drain)\b|^(?:delete|project delete)\b/ }, DATA),
  kubernetes.ask(
    'config',
    { programs: KUBECTL, sub: /^config (?:delete-\w+|unset)\b/ },
    'Removes access to a cluster.',
  ),
  kubernetes.ask(
    'helm',
    { programs: 'helm', sub: /^(?:uninstall|delete|del|un|rollback)\b/, unless: '--dry-run' },
    'Takes a release away or back.',
    'Run it with --dry-run first.',
  ),
  kubernetes.ask(
    'helm-force',
    { programs: 'helm', sub: /^upgrade\b/, flags: '--force', unless: '--dry-run' },
    'Replaces resources by force.',
  ),
  kubernetes.ask(
    'cluster',
    {
      programs:
        'kind k3d minikube k0s kops eksctl kubeadm talosctl rke rancher k3s-uninstall.sh microk8s colima rdctl ctlptl vcluster gardenctl clusterctl',
      operand: /^(?:delete|destroy|reset|factory-reset|remove|rm|uninstall|stop)$/,
    },
    'Takes a whole cluster away.',
  ),
  kubernetes.ask(
    'uninstall',
    { programs: 'k3s-uninstall.sh k3s-killall.sh rke2-uninstall.sh' },
    'Takes a whole cluster away.',
  ),
  kubernetes.ask(
    'operators',
    {
      programs:
        'helmfile argocd flux istioctl linkerd cilium velero skaffold operator-sdk kustomize devspace tilt okteto garden waypoint crossplane',
      operand: /^(?:delete|uninstall|remove|rm|destroy|purge|cleanup|suspend|terminate-op)$/,
      except: READS,
    },
    DATA,
  ),

  infrastructure.ask(
    'terraform',
    {
      programs: 'terraform tofu terragrunt cdktf terramate',
      sub: /^(?:\S+=\S+ )*(?:run-all |run )?(?:destroy|apply|taint|untaint|force-unlock|state (?:rm|mv|push|replace-provider)|workspace delete|import|destroy-all|apply-all|deploy)\b/,
      except: /(?:^|\s)-(?:-)?(?:dry-run|help|h)\b/,
    },
    'Changes or destroys running infrastructure.',
    'Run plan first.',
  ),
  infrastructure.ask(
    'terraform-destroy',
    { programs: 'terraform tofu terragrunt', text: /(?:^|\s)--?destroy(?:\s|$)/, except: /^plan\b/ },
    'Destroys running infrastructure.',
    'Run plan -destroy first.',
  ),
  infrastructure.ask(
    'pulumi',
    {
      programs: 'pulumi',
      sub: /^(?:destroy|up|update|cancel|stack rm|state (?:delete|unprotect|rename|move)|import|down|dn)\b/,
      unless: '--preview-only',
    },
    'Changes or destroys running infrastructure.',
    'Run pulumi preview first.',
  ),
  infrastructure.ask(
    'deploy-tools',
    {
      programs: 'cdk sam sls serverless copilot cdk8s sst architect arc up chalice zappa',
      operand: /^(?:destroy|delete|remove|rollback|undeploy|deploy|rm)$/,
      except: READS,
    },
    'Changes or destroys running infrastructure.',
  ),
  infrastructure.ask(
    'ansible',
    { programs: 'ansible-playbook', unless: '-C --check --syntax-check --list-hosts --list-tasks --list-tags' },
    'Changes other machines.',
    'Run it with --check first.',
  ),
  infrastructure.ask(
    'configuration',
    {
      programs:
        'puppet chef-client chef-apply chef-solo cinc-client ansible-console ansible-pull salt-call cf-agent pyinfra',
      text: /^(?:apply|agent|device|state\.(?:apply|sls|highstate)|-|\S|$)/,
      except:
        /(?:^|\s)(?:--noop|--why-run|-W|--check|-C|--dry|--version|--help|test=True|--list\S*)(?:\s|$)|^(?:parser|lookup|facts|module|resource|config print|describe|help|--version|grains\.\S+|test\.\S+|pillar\.\S+)\b/i,
    },
    'Changes a machine as a description says.',
    'Run it without effect first (--noop, --why-run, --check).',
  ),
  infrastructure.ask(
    'ansible-module',
    {
      programs: 'ansible',
      text: /state=absent|-m \S*(?:reboot|shutdown|user|service|systemd|apt|yum|copy|template|lineinfile)\b/,
      unless: '-C --check',
    },
    'Changes other machines.',
  ),
  infrastructure.ask(
    'machines',
    {
      programs:
        'vagrant virsh vboxmanage multipass limactl lxc incus qm pct vmrun prlctl docker-machine orb tart utmctl machinectl',
      operand:
        /^(?:destroy|undefine|delete|purge|unregistervm|remove|rm|reset|snapshot-delete|vol-delete|pool-destroy|net-destroy|poweroff|terminate|kill|prune|closemedium|rollback)$/,
    },
    'Takes a virtual machine away.',
  ),
  infrastructure.ask(
    'hashicorp',
    {
      programs: 'nomad consul vault boundary waypoint packer',
      text: /\b(?:job stop|stop|system gc|kv (?:delete|destroy|metadata delete)|delete|destroy|revoke|operator (?:seal|raft remove-peer|rekey|generate-root)|(?:secrets|auth|audit) disable|leave|force-leave|snapshot restore|purge|node drain|namespace delete|policy delete)\b/,
      except: READS,
    },
    DATA,
  ),
  infrastructure.ask(
    'paas',
    {
      programs: 'bosh cf juju knife chef salt salt-key puppet kamal dokku capistrano cap piku nais waypoint',
      text: /(?:^|[\s:])(?:delete\S*|destroy\S*|remove\S*|kill-\S+|purge\S*|unbind\S*|deactivate|clean|rollback|stop|terminate)(?:\s|$)|(?:^|\s)-[dD](?:\s|$)/,
      except: READS,
    },
    DATA,
  ),
  infrastructure.ask(
    'virtual-disks',
    { programs: 'qemu-img', sub: /^(?:commit|rebase|resize|snapshot|create|amend)\b/ },
    'Changes the disk of a machine.',
  ),

  cloud.ask(
    'aws',
    {
      programs: 'aws aws-vault awslocal',
      sub: AWS_REMOVES,
      except:
        /--dry-?run\b|--dryrun\b|^(?:\S+ )*(?:help|wait)(?:\s|$)|^s3(?:api)? (?:ls|cp|presign)\b(?!.*--recursive.*--delete)|^configure\b/,
    },
    DATA,
    NAMED,
  ),
  cloud.ask(
    'aws-sync',
    {
      programs: 'aws gsutil gcloud s3cmd mc s5cmd azcopy',
      text: /\br?sync\b.*(?:--delete|--remove|--delete-removed|--delete-destination|--delete-unmatched-destination-objects)\b|\brsync\b.* -d\b|\bmirror\b.*--remove\b/,
      except: READS,
    },
    'Removes what is not in the source.',
    'Run it with --dryrun first.',
  ),
  cloud.ask(
    'aws-records',
    { programs: 'aws', sub: /^route53 change-resource-record-sets\b/, except: /"CREATE"(?!.*(?:DELETE|UPSERT))/s },
    'Changes where names lead for everybody.',
  ),
  cloud.ask('names', { programs: 'nsupdate' }, 'Changes where names lead for everybody.'),
  cloud.ask(
    'payments',
    {
      programs: 'stripe paypal square braintree',
      sub: /^(?:refunds|payouts|charges|transfers|payment_intents|invoices)(?: \S+)? (?:create|capture|confirm|pay|send|void)\b/,
    },
    'Moves money.',
  ),
  cloud.found('library', 'ask', 'Removes something in a service that others may use.'),
  cloud.ask(
    'aws-account',
    {
      programs: 'aws',
      sub: /^(?:ecs update-service\b.*|organizations (?:close-account|leave-organization)|cloudtrail stop-logging|guardduty stop-\S+|config(?:service)? stop-\S+|configure set \S*(?:key|secret|token|profile)\S*|configure import|autoscaling (?:set-desired-capacity|update-auto-scaling-group)\b.*|rds (?:reboot|stop|failover)-\S+|lambda put-function-concurrency|s3api put-(?:bucket|object|public)-?\S*(?:acl|policy|block|lifecycle|versioning|encryption)\S*|iam (?:create-login-profile|update-\S+|put-\S+|add-user-to-group|attach-\S+)|kms (?:disable|schedule)\S*)(?:\s|$)/,
      except:
        /--dry-?run\b|^ecs update-service\b(?!.*--desired-count[= ]0\b)|^autoscaling\b(?!.*(?:--desired-capacity|--min-size|--max-size)[= ]0\b)/,
    },
    'Stops or opens something that others may use.',
    NAMED,
  ),
  cloud.ask(
    'keys',
    {
      programs: 'gcloud az',
      sub: /^(?:iam service-accounts keys (?:create|upload)|iam service-accounts (?:add|set)-iam-policy\S*|projects (?:add|set)-iam-policy\S*|ad sp (?:create|credential|reset)\S*|role assignment create|storage account keys renew)\b/,
    },
    'Makes keys or gives rights.',
  ),
  cloud.ask(
    'open-storage',
    {
      programs: 'gsutil gcloud az mc s3cmd',
      text: /\b(?:allUsers|allAuthenticatedUsers|public-read(?:-write)?|--acl-public|anonymous set (?:public|download|upload))\b/,
    },
    'Opens a store to everybody.',
  ),
  cloud.ask(
    'scale-down',
    {
      programs: 'fly flyctl heroku railway',
      text: /\bscale (?:count )?(?:\S+=)?0\b|^ps:scale .*=0\b|^(?:machine |machines )?(?:stop|suspend)\b/,
    },
    'Stops every copy of a service.',
  ),
  cloud.ask(
    'openstack',
    { programs: 'swift proxmox-backup-client', sub: /^(?:delete|snapshot forget|forget|prune)\b/ },
    DATA,
    NAMED,
  ),
  cloud.ask('twilio', { programs: 'twilio', text: /--status[= ](?:closed|suspended)\b/ }, DATA, NAMED),
  cloud.ask('aws-run', { programs: 'aws', sub: /^ssm send-command\b/ }, 'Runs commands on other machines.'),
  cloud.ask(
    'cli',
    {
      programs: SERVICES,
      early: new RegExp(`${REMOVES.source}|${REMOVES_CAMEL.source}`),
      except: new RegExp(
        `${READS.source}|^(?:api(?=\\s|$)|alias|extension|auth|config|completion|pr (?:list|view|create|edit|comment|review|checkout|diff|status|ready|checks)|issue (?:list|view|create|edit|comment|status)|search (?:code|repos|issues|prs|commits|jobs)|logging read|logs (?:read|tail)|browse|dev|emulators:\\w+|functions:shell|build|init|login|link)\\b`,
      ),
    },
    'Removes or disables something in a service that others may use.',
    NAMED,
  ),
  cloud.ask(
    'unknown-verb',
    { programs: '*', unknown: true, early: REMOVES_ANYWHERE, except: READS },
    'Removes something, by the word that it uses; nex does not know the program.',
    NAMED,
  ),
  cloud.ask(
    'unknown-option',
    {
      programs: '*',
      unknown: true,
      text: /(?:^|\s)--?(?:[a-z]+-)*(?:delete|destroy|purge|erase|wipe|nuke|autonuke|unregister|uninstall|deleteduplicates|factory-reset|reset-password)(?:-(?:all|data|everything|volumes?|user|force|disk|chip|flash|old|local|remote))*(?:[=\s]|$)/i,
      except: READS,
    },
    'Removes something, by the option that it is given; nex does not know the program.',
    NAMED,
  ),
  cloud.ask(
    'down',
    { programs: 'railway dvc kamal okteto nhost', operand: /^(?:down|gc|remove|teardown)$/ },
    DATA,
    NAMED,
  ),
  cloud.ask('camel', { programs: 'aliyun tccli', operand: REMOVES_CAMEL }, DATA, NAMED),
  cloud.ask(
    'rclone',
    {
      programs: 'rclone',
      sub: /^(?:sync|delete|deletefile|purge|rmdir|rmdirs|cleanup|move|moveto|dedupe)\b/,
      unless: '-n --dry-run -i --interactive',
    },
    'Removes files at the other end.',
    'Run it with --dry-run first.',
  ),
  cloud.ask(
    'backups',
    {
      programs: 'restic borg borgmatic duplicity kopia duplicati tarsnap rdiff-backup wal-g pgbackrest barman',
      text: /(?:^|\s)(?:forget|prune|r?delete|repo-delete|--forget|remove-\S+|cleanup|purge|-d|recreate|break-lock|unlock|key remove|snapshot delete|expire|stanza-delete|collection-status --force|compact|--remove-older-than)(?:\s|$)/,
      except: READS,
    },
    'Removes backups.',
  ),
  cloud.ask(
    'heroku',
    {
      programs: 'heroku',
      operand:
        /^(?:pg:(?:reset|killall|copy|promote)|apps:destroy|addons:destroy|config:unset|releases:rollback|ps:scale|ps:stop|ps:kill|domains:remove|maintenance:on|access:\w+|certs:\w+|drains:remove|container:rm|rollback|apps:(?:leave|rename|transfer|lock)|leave|rename|ps:restart|restart|clients:\w+)$/,
    },
    'Changes what runs in production.',
  ),
  cloud.ask(
    'http-delete',
    {
      programs: 'curl',
      text: /(?:-\w*X\s?|--request[= ])['"]?(?:DELETE|PURGE)\b/i,
      except: OWN_SERVER,
    },
    'Deletes something on a server.',
  ),
  cloud.ask(
    'http-delete-post',
    {
      programs: 'curl http https xh xhs wget',
      text: /(?:^|\s)(?:(?:-\w*X\s?|--(?:request|method)[= ])['"]?)?(?:POST|PUT|PATCH)\b.*\/\S*?(?:delete|destroy|purge|truncate|_close|_all\b|_cluster\/settings|[/_-]drop\b|[/_-]remove\b)|\/_delete_by_query|<delete>|"delete"\s*:\s*\{|\bmutation\b[^}]{0,200}\b(?:delete|destroy|remove|purge)/i,
    },
    'Deletes something on a server.',
  ),
  cloud.ask(
    'http-tools',
    {
      programs: 'http https xh xhs',
      operand: /^(?:DELETE|PURGE)$/i,
      except: OWN_SERVER,
    },
    'Deletes something on a server.',
  ),
  cloud.ask(
    'github',
    {
      programs: 'gh',
      sub: /^(?:extension (?:install|upgrade|remove)|repo (?:delete|archive|rename|transfer|deploy-key (?:add|delete))|release delete\S*|secret (?:set|delete|remove)|variable (?:set|delete)|workflow (?:disable|enable|run)|run (?:cancel|delete|rerun)|cache delete|gist (?:create|delete|edit)|(?:ssh|gpg)-key (?:add|delete)|codespace (?:delete|create|stop)|issue (?:delete|transfer)|pr (?:merge|close|lock)|label delete|ruleset|project delete|auth (?:logout|refresh))\b/,
    },
    'Changes a repository for everybody.',
  ),
  cloud.ask(
    'github-sync',
    { programs: 'gh', sub: /^repo sync\b/, flags: '--force' },
    'Overwrites a branch for everybody.',
  ),
  cloud.ask(
    'github-visibility',
    { programs: 'gh', sub: /^repo edit\b/, flags: '--visibility --delete-branch-on-merge --default-branch --template' },
    'Changes a repository for everybody.',
  ),
  cloud.ask(
    'github-api',
    {
      programs: 'gh glab',
      sub: /^api\b/,
      text: /(?:-X|--method)[= ]?['"]?(?:DELETE|PUT|PATCH|POST)\b|\bdelete\w*\(|mutation\b/i,
    },
    'Changes a repository for everybody.',
  ),
  cloud.ask(
    'gitlab',
    {
      programs: 'glab',
      sub: /^(?:repo (?:delete|archive|transfer)|mr (?:merge|close|delete)|issue delete|release delete|variable (?:set|delete|update)|ci (?:delete|cancel|run)|ssh-key (?:add|delete)|snippet)\b/,
    },
    'Changes a repository for everybody.',
  ),
  cloud.ask(
    'wordpress',
    {
      programs: 'wp drush',
      text: /\b(?:db (?:reset|drop|clean)|site (?:empty|delete)|sql:drop|plugin (?:delete|uninstall)|user delete|post delete|search-replace(?!.*--dry-run))\b/,
    },
    DATA,
  ),
];
