//! Every interleaving of small cases, run through the engine by a model checker.

mod case;
mod cases;
mod gateway;
mod properties;
mod worker;
mod world;
