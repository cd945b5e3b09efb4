import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.*;
import org.semanticweb.owlapi.profiles.*;

class Profiles {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
            OWLOntology ontology = manager.loadOntologyFromOntologyDocument(new File(file));
            OWLProfileReport dl = new OWL2DLProfile().checkOntology(ontology);
            OWLProfileReport rl = new OWL2RLProfile().checkOntology(ontology);
            System.out.println(file + "\t" + (dl.isInProfile() ? "DL " : "") + (rl.isInProfile() ? "RL" : ""));
        }
    }
}
