# The nightly job also checks whether Druva really makes backups. Terraform only warns when a check fails.
# pipeline/pipeline.sh turns that into a failure.

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

variable "account_has_own_keys" {
  description = "Whether the Druva account has keys of its own (Enterprise Key Management). If so, the check accepts that Cloud Key Management is off."
  type        = bool
  default     = false
  nullable    = false
}

variable "backup_good_statuses" {
  description = "Druva's words for a successful backup. Druva does not publish them: compare them with your console."
  type        = set(string)
  default     = ["Successful"]
  nullable    = false
}

# It is not nested in the check: Terraform reads a nested one again with every apply, so no plan would be empty. It does not refer
# to the link, so every plan reads it. Before the org is linked, it gives an empty list: the plan that links the org must not fail.
data "druva_okta_links" "all" {}

locals {
  links = [for link in data.druva_okta_links.all.links : link if link.id == module.okta_backup.link_id]
}

# Every condition is in a try. If it cannot be evaluated, the check fails, but an apply that repairs the cause can still run.
check "okta_is_backed_up" {
  assert {
    condition     = length(local.links) == 1
    error_message = "Druva had no link to the org when this was planned."
  }

  assert {
    condition     = try(local.links[0].status == "CONNECTED", length(local.links) == 0)
    error_message = "Druva is not connected to the org: its status is ${try(local.links[0].status, "unknown")}."
  }

  assert {
    condition     = try(local.links[0].backup_enabled, length(local.links) == 0)
    error_message = "Backups are switched off in Druva."
  }

  assert {
    condition     = var.account_has_own_keys || try(local.links[0].cloud_key_management_enabled, length(local.links) == 0)
    error_message = "Cloud Key Management is switched off in Druva: no scheduled backup starts, unless the account has keys of its own."
  }

  assert {
    condition     = try(contains(var.backup_good_statuses, local.links[0].last_backup.status), try(local.links[0].last_backup, null) == null)
    error_message = "The last backup did not end well: its status is ${try(coalesce(local.links[0].last_backup.status), "unknown")}."
  }

  # A newly linked org has the same time for its first backup.
  assert {
    condition = try(
      timecmp(
        timeadd(try(local.links[0].last_backup.finished_on, local.links[0].added_on), var.backup_max_age),
        plantimestamp()
      ) >= 0,
      length(local.links) == 0
    )
    error_message = try(
      "The last backup finished at ${local.links[0].last_backup.finished_on}, more than ${var.backup_max_age} ago, or at no time that can be read.",
      "Linked at ${local.links[0].added_on}, and no backup has finished for more than ${var.backup_max_age}.",
      "When the last backup finished is not known."
    )
  }
}
