## Signing in

login-title = Sign in
login-email = E-mail
login-password = Password
login-submit = Sign in
login-wait = Too many attempts to sign in failed. Wait a few minutes, then try again.
login-failed = The e-mail and password do not match. Check both, or ask your administrator for a new password.

## A person's own sessions and password

account-title = Your account
account-language = Language
account-language-of-pages = Language of pages
account-language-browser = As in the browser
account-language-submit = Save
# The name of the language in itself, for the choice of languages.
language-name = English
account-sessions = Sessions
# $listed (Number) and $total (Number)
account-sessions-cut = The { $listed } sessions used last, of { $total }. Sign out everywhere ends all of them.
account-sessions-question = Where are you signed in?
account-browser = Browser
account-last-used = Last used
account-signed-in = Signed in
account-end-session = End session
account-this-session = This session
account-browser-unknown = unknown
# $browser and $system
account-browser-on = { $browser } on { $system }
account-sign-out-everywhere = Sign out everywhere
account-change-password = Change your password
account-current-password = Current password
account-new-password = New password, 12 characters or more
account-password-hint = Changing it ends your other sessions.
account-password-submit = Change password
account-password-changed = The password was changed, and your other sessions were ended.
account-password-wrong = The current password is wrong. The password was not changed.
account-password-length = The new password must have 12 to 256 characters. The password was not changed.
account-password-common = The new password is too easy to guess. Choose a longer or less common one. The password was not changed.

## All partners, for internal people

partners-title = Partners
partners-question = How is each partner doing?
partners-none = No partner yet
# $command (View)
partners-none-hint = { $command } adds one.
partners-partner = Partner
partners-yield = Yield, 95 % interval
partners-change-meaning = Compared with the preceding period of equal length
partners-note = Definition first-run v1, the last 28 days at each partner’s site.
partners-audited = Every view of a partner’s data is recorded under your name, including this one.
# $at and $as-of
partners-latest = latest run { $at }, as of { $as-of }
partners-no-run = no run yet
partners-no-data = No runs in this period
partners-more = { $count ->
    [one] and { $count } operation with fewer runs
   *[other] and { $count } operations with fewer runs
}
