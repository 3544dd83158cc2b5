-- The language that a person chose for pages, as a BCP 47 tag; null: that of the browser.
alter table app_user add column language text check (language ~ '^[A-Za-z0-9-]{2,35}$');
grant update (language) on app_user to firstpass_auth;
