//! What sending does as time goes by, what is shared between readers, and what each request has.

mod lengths;
mod limits_of_time;
mod listing;
mod rate_limits;
mod repeating;
