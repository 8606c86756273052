data "druva_okta_link" "this" {
  okta_domain = "https://example.okta.com"
}

# Protected means: connected, backups on, Cloud Key Management on.
check "protected" {
  assert {
    condition     = data.druva_okta_link.this.protected
    error_message = "Druva does not back up the org: ${coalesce(data.druva_okta_link.this.status_reason, "see its switches")}."
  }
}

check "backed_up_lately" {
  # Druva does not publish its words for the result of a backup. Add the words that your console shows for a successful one.
  assert {
    condition = try(
      contains(["Successful"], data.druva_okta_link.this.last_backup.status),
      try(data.druva_okta_link.this.last_backup, null) == null,
    )
    error_message = "The last backup did not end well."
  }

  assert {
    condition = try(
      timecmp(timeadd(data.druva_okta_link.this.last_backup.finished_on, "24h"), plantimestamp()) > 0,
      false,
    )
    error_message = "The last backup is older than a day, or there is none."
  }
}
