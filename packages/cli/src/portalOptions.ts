import { Command, Option } from 'commander';

export interface PortalOptions {
  portal: string;
  token?: string;
}

/** Which portal is asked, and as whom: the same for every command. */
export function addPortalOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--portal <url>', "the portal's backend")
        .env('KUBE_TOPOLOGY_PORTAL')
        .default('http://localhost:7007'),
    )
    .addOption(
      new Option(
        '--token <token>',
        'an access token of the portal; a static one stands in its app-config.yaml under backend.auth.externalAccess',
      ).env('KUBE_TOPOLOGY_TOKEN'),
    );
}
