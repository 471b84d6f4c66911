/* A model with a bit of everything, for tests of reports. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/report.h"

/* Domains: fabrikam.example (all facts set), shared.example (the same endpoint), pending.example,
 * gone.example (NXDOMAIN), dead.example (unreachable), smtp://192.0.2.99:2525 (direct), and one that was
 * removed. */
struct model *sample_model(void);

struct report_options sample_options(void);
