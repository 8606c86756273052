//! What sending does as time goes by, and what is shared between readers.

mod limits_of_time;
mod listing;
mod repeating;
