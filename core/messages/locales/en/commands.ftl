## Administrative commands, on the command line and in the API

command-no-tenant = there is no tenant { $slug }; `firstpass tenant list` shows all
command-internal = only internal administrators can do this
command-name-length = a name must have 1 to 200 characters
command-no-zone = `{ $zone }` is not an IANA time zone such as Asia/Taipei
command-former-slug = { $slug } was the short name of another tenant
command-tenant-exists = there is a tenant { $slug } already
command-slug = `{ $slug }` is not a slug: up to 63 lower-case letters, digits and inner hyphens
command-no-such-tenant = there is no tenant { $slug }
command-no-token = there is no token { $token }; `firstpass token list --tenant SLUG` shows the ids
command-user-exists = there is a user { $email } already
command-several-partners = { $email } belongs to other partners too: only internal administrators can reset this password
command-no-user = there is no user { $email }; `firstpass user list` shows all
command-roles = users of a partner are viewer, engineer or partner-admin, internal users are operator or admin
# $email and $tenant
command-no-user-of = there is no user { $email } of { $tenant }; `firstpass user list` shows all
command-invitation = an invitation needs a tenant

## The command line

cli-tenant-added = added tenant { $slug }
cli-tenant-suspended = suspended { $slug }
cli-tenant-resumed = resumed { $slug }
cli-zone = not an IANA time zone such as Asia/Taipei
cli-demo-others = this database has partners that are not of the demo: use an empty one (--data, DATABASE_URL)
# $runs, $seed and $until
cli-demo-other = this database has the demo of --runs { $runs } --seed { $seed } --until { $until }: for another use an empty one (--data, DATABASE_URL)
cli-time = not a time with its zone, such as 2026-04-01T00:00:00Z
cli-no-database = there is no database in { $folder }: check --data, or name one in DATABASE_URL; `firstpass serve` or `firstpass tenant add` makes one
cli-token-revoked = revoked token { $id }
cli-period = not a period such as 30d or 12h
cli-upload-stopped = stopped; the same command resumes
# $email and $count
cli-user-disabled = disabled { $email }; sessions ended: { $count }
cli-user-enabled = enabled { $email }
# $email and $role
cli-user-role = { $email } is { $role } now
# $email and $count
cli-user-password = { $email } has a new password; sessions ended: { $count }
cli-user-roles = a user of a partner needs --tenant SLUG --role viewer|engineer|partner-admin, an internal user --internal operator|admin
# $email, $role and $tenant
cli-user-membership = { $email } existed and is { $role } at { $tenant } too; the password is unchanged
# $role and $email
cli-user-added = added { $role } { $email }
cli-password-input = cannot read the password from standard input
cli-email = not an e-mail address
