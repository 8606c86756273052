# What the nightly job looks at besides drift: whether Druva really makes backups. Terraform only warns when a check fails;
# pipeline/pipeline.sh makes a failure of it.

variable "backup_max_age" {
  description = "How old the last backup may be, as in \"24h\" or \"90m\"."
  type        = string
  default     = "24h"
  nullable    = false

  validation {
    condition     = can(timeadd("2026-01-01T00:00:00Z", var.backup_max_age))
    error_message = "A duration is written as in \"24h\" or \"90m\"."
  }
}

check "okta_is_backed_up" {
  # Inside the check, a look-up that fails is a check that fails, and no obstacle to an apply that repairs it.
  data "druva_okta_link" "now" {
    id = module.okta_backup.link_id
  }

  assert {
    condition     = data.druva_okta_link.now.status == "CONNECTED"
    error_message = "Druva does not get into the org: its status is ${data.druva_okta_link.now.status}."
  }

  assert {
    condition     = data.druva_okta_link.now.backup_enabled
    error_message = "Backups are switched off in Druva."
  }

  assert {
    condition     = data.druva_okta_link.now.cloud_key_management_enabled
    error_message = "Cloud Key Management is switched off in Druva: no scheduled backup starts."
  }

  # An org that was linked a moment ago has the same time for its first backup.
  assert {
    condition = timecmp(
      timeadd(try(data.druva_okta_link.now.last_backup.finished_on, data.druva_okta_link.now.added_on), var.backup_max_age),
      plantimestamp()
    ) >= 0
    error_message = try(
      "The last backup finished at ${data.druva_okta_link.now.last_backup.finished_on}, more than ${var.backup_max_age} ago.",
      "Linked at ${data.druva_okta_link.now.added_on}, and no backup has finished for more than ${var.backup_max_age}."
    )
  }
}
